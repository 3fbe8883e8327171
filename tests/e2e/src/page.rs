//! One browser, with a fresh profile, on the app.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::prelude::*;
use thirtyfour::{LoggingPrefsLogLevel, TypingData};
use xtask::browser;

use crate::world::World;

/// Longer than anything takes on a slow machine: only failures wait so long.
const PATIENCE: Duration = Duration::from_secs(15);

const PAUSE: Duration = Duration::from_millis(40);

/// Finds what a user of assistive technology finds: by role and name, in the page and its open shadow roots.
const FIND: &str = include_str!("find.js");

/// The system's preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Prefers light.
    Light,
    /// Prefers dark.
    Dark,
}

/// How the browser looks at the page.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width of the page.
    pub width: u32,
    /// Height of the page.
    pub height: u32,
    /// What the system prefers.
    pub theme: Theme,
}

impl Look {
    /// A laptop.
    pub const WIDE: Self = Self { width: 1440, height: 900, theme: Theme::Light };
    /// A laptop at night.
    pub const DARK: Self = Self { theme: Theme::Dark, ..Self::WIDE };
    /// A phone.
    pub const PHONE: Self = Self { width: 390, height: 844, theme: Theme::Light };
}

/// A browser on the app.
#[derive(Clone)]
pub struct Page {
    /// For what the other methods do not say.
    pub driver: WebDriver,
    origin: String,
}

impl Page {
    pub(crate) async fn start(world: &World, look: Look) -> Result<Self> {
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(&world.browser().chromium.to_string_lossy())?;
        for argument in browser::ARGUMENTS {
            wanted.add_arg(argument)?;
        }
        wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
        wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
        let driver = WebDriver::new(world.driver_address(), wanted).await?;
        driver.set_poller(std::sync::Arc::new(ElementPollerWithTimeout::new(PATIENCE, PAUSE)));
        let page = Self { driver, origin: world.address().to_owned() };
        let narrow = look.width < 600;
        page.devtools("Emulation.setDeviceMetricsOverride", json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": narrow,
        }))
        .await?;
        let theme = if look.theme == Theme::Dark { "dark" } else { "light" };
        page.devtools("Emulation.setEmulatedMedia", json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme }, { "name": "prefers-reduced-motion", "value": "reduce" },
        ] }))
        .await?;
        Ok(page)
    }

    /// Opens an address, and waits until the page can be used.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn visit(&self, address: &str) -> Result<()> {
        self.driver.goto(address).await?;
        self.ready().await
    }

    /// Loads the page anew.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn reload(&self) -> Result<()> {
        self.driver.refresh().await?;
        self.ready().await
    }

    async fn ready(&self) -> Result<()> {
        self.until("the page is up", "return !!document.querySelector('main') && throughline.isWhole && !document.querySelector('#boot:not([hidden])')").await
    }

    /// Sends a command of the browser's developer tools.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// Runs a script in the page: the body of a function, with `arguments`.
    ///
    /// # Errors
    /// It throws, or returns something else.
    pub async fn js<T: DeserializeOwned>(&self, script: &str, arguments: &[Value]) -> Result<T> {
        Ok(self.driver.execute(script, arguments.to_vec()).await?.convert()?)
    }

    /// Waits until a script returns true.
    ///
    /// # Errors
    /// It does not, in a long time.
    pub async fn until(&self, what: &str, script: &str) -> Result<()> {
        self.wait(what, || async { Ok(self.js::<bool>(script, &[]).await?.then_some(())) }).await
    }

    /// Waits until `look` finds something.
    ///
    /// # Errors
    /// It does not, in a long time; the last error that it met is named.
    pub async fn wait<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            let seen = look().await;
            match seen {
                Ok(Some(found)) => return Ok(found),
                Ok(None) if start.elapsed() > PATIENCE => bail!("waited in vain until {what}"),
                // The page may be between two states.
                Err(error) if start.elapsed() > PATIENCE => {
                    return Err(error.context(format!("waiting until {what}")));
                }
                Ok(None) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// The visible element with this role and name; a name that ends in `…` is the beginning of one. Waits for it.
    ///
    /// # Errors
    /// There is none, in a long time.
    pub async fn role(&self, role: &str, name: &str) -> Result<WebElement> {
        self.role_in(role, name, None).await
    }

    /// The same, inside the element with a test id.
    ///
    /// # Errors
    /// There is none, in a long time.
    pub async fn role_in(
        &self,
        role: &str,
        name: &str,
        inside: Option<&str>,
    ) -> Result<WebElement> {
        let what = format!(
            "there is a {role} `{name}`{}",
            inside.map(|id| format!(" in {id}")).unwrap_or_default()
        );
        self.wait(&what, || async {
            let arguments = [json!(role), json!(name), json!(inside)];
            let found = self.driver.execute(FIND, arguments.to_vec()).await?;
            if found.json().is_null() { Ok(None) } else { Ok(Some(found.element()?)) }
        })
        .await
    }

    /// Whether there is a visible element with this role and name now.
    ///
    /// # Errors
    /// The page cannot be asked.
    pub async fn has_role(&self, role: &str, name: &str) -> Result<bool> {
        let found = self.driver.execute(FIND, vec![json!(role), json!(name), Value::Null]).await?;
        Ok(!found.json().is_null())
    }

    /// Presses a button.
    ///
    /// # Errors
    /// There is none with this name, or it cannot be clicked.
    pub async fn press(&self, button: &str) -> Result<()> {
        let button_element = self.role("button", button).await?;
        button_element.click().await.with_context(|| format!("pressing `{button}`"))
    }

    /// The element with this test id. Waits for it.
    ///
    /// # Errors
    /// There is none, in a long time.
    pub async fn test_id(&self, id: &str) -> Result<WebElement> {
        self.driver.query(By::Testid(id)).first().await.with_context(|| format!("looking for {id}"))
    }

    /// How many visible elements have a test id that begins so.
    ///
    /// # Errors
    /// The page cannot be asked.
    pub async fn count(&self, id_start: &str) -> Result<usize> {
        let script = "return [...document.querySelectorAll(`[data-testid^=\"${arguments[0]}\"]`)].filter(e => e.checkVisibility()).length";
        self.js(script, &[json!(id_start)]).await
    }

    /// Waits until that many visible elements have a test id that begins so.
    ///
    /// # Errors
    /// They have not, in a long time.
    pub async fn until_count(&self, id_start: &str, wanted: usize) -> Result<()> {
        let what = format!("there are {wanted} `{id_start}`");
        self.wait(&what, || async { Ok((self.count(id_start).await? == wanted).then_some(())) })
            .await
    }

    /// The text of the first element with this test id, as it is seen.
    ///
    /// # Errors
    /// There is none.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.test_id(id).await?.text().await?)
    }

    /// Waits until the text of the first element with this test id contains this.
    ///
    /// # Errors
    /// It does not, in a long time.
    pub async fn until_text(&self, id: &str, part: &str) -> Result<String> {
        let what = format!("{id} says `{part}`");
        self.wait(&what, || async {
            let text = self.text(id).await?;
            Ok(text.contains(part).then_some(text))
        })
        .await
    }

    /// Types into what has the focus.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn keys(&self, text: impl Into<TypingData>) -> Result<()> {
        let text: TypingData = text.into();
        Ok(self.driver.action_chain().send_keys(text).perform().await?)
    }

    /// Presses a key together with Control.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn control(&self, key: impl Into<char>) -> Result<()> {
        self.together(Key::Control, key).await
    }

    /// Presses a key together with another that is held.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn together(&self, held: Key, key: impl Into<char>) -> Result<()> {
        let (held, key): (char, char) = (held.into(), key.into());
        let chain =
            self.driver.action_chain().key_down(held).key_down(key).key_up(key).key_up(held);
        Ok(chain.perform().await?)
    }

    /// The page as it is now, shadow roots left out.
    pub(crate) async fn dom(&self) -> Result<String> {
        Ok(self.driver.source().await?)
    }

    /// A picture of what is seen.
    ///
    /// # Errors
    /// It cannot be taken or kept.
    pub async fn screenshot(&self, file: &Path) -> Result<()> {
        Ok(self.driver.screenshot(file).await?)
    }

    /// What nobody should find in the developer tools: errors, warnings, requests to other origins. Each is told once.
    ///
    /// # Errors
    /// The log cannot be read.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let console = self.driver.browser_log().await?;
        let console =
            console.into_iter().filter(|entry| entry.level == "WARNING" || entry.level == "SEVERE");
        let mut complaints: Vec<String> =
            console.map(|entry| format!("{}: {}", entry.level, entry.message)).collect();
        for entry in self.driver.get_log("performance").await? {
            let event: Value = serde_json::from_str(&entry.message)?;
            let requested = event.pointer("/message/params/request/url").and_then(Value::as_str);
            let is_request = event.pointer("/message/method").and_then(Value::as_str)
                == Some("Network.requestWillBeSent");
            let foreign = requested.filter(|address| is_request && !self.is_own(address));
            complaints
                .extend(foreign.map(|address| format!("a request to another origin: {address}")));
        }
        Ok(complaints)
    }

    /// A test may serve the app at several ports of this machine; nothing leaves it.
    fn is_own(&self, address: &str) -> bool {
        let host = self.origin.rsplit_once(':').map_or(self.origin.as_str(), |(host, _)| host);
        address.starts_with(host) || address.starts_with("data:") || address.starts_with("blob:")
    }

    pub(crate) async fn quit(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }
}
