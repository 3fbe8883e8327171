//! What an ORM writes for a draft: a call, before it is laid out.

/// The right-hand side of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `models.ForeignKey`.
    pub callee: String,
    /// Its arguments in order.
    pub args: Vec<WrittenArgument>,
}

/// An argument that a draft speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenArgument {
    /// Its keyword, also of one that is written by position.
    pub keyword: String,
    /// How it is written.
    pub form: ArgumentForm,
    /// Its value as source; `None` where the argument must not be there.
    pub value: Option<String>,
}

/// How an argument is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentForm {
    /// `Author`: only the first.
    Positional,
    /// `null=True`.
    Keyword,
}

impl Written {
    /// An empty call.
    pub fn new(callee: impl Into<String>) -> Self {
        Self { callee: callee.into(), args: Vec::new() }
    }

    /// Adds the positional argument.
    #[must_use]
    pub fn positional(mut self, keyword: &str, value: impl Into<String>) -> Self {
        self.args.push(WrittenArgument {
            keyword: keyword.into(),
            form: ArgumentForm::Positional,
            value: Some(value.into()),
        });
        self
    }

    /// Adds a keyword argument, or that there must be none.
    #[must_use]
    pub fn keyword(mut self, keyword: &str, value: Option<impl Into<String>>) -> Self {
        self.args.push(WrittenArgument {
            keyword: keyword.into(),
            form: ArgumentForm::Keyword,
            value: value.map(Into::into),
        });
        self
    }

    /// `name = callee(args)` for a class body, over several lines where one would be longer than [`WIDTH`]. Lines end in `\n` and are
    /// indented by four spaces a level, as everything that an ORM writes; the edit adapts both to the file.
    pub fn statement(&self, name: &str) -> String {
        format!("{name} = {}", self.laid_out(name.chars().count() + 3 + INDENT.len()))
    }

    /// `callee(args)` for a line of its own that is indented by so many levels.
    pub fn expression(&self, levels: usize) -> String {
        self.laid_out(levels * INDENT.len() + 1)
    }

    /// The call, where so many characters beside it are on its line.
    fn laid_out(&self, beside: usize) -> String {
        let args: Vec<String> = self.args.iter().filter_map(WrittenArgument::text).collect();
        let line = format!("{}({})", self.callee, args.join(", "));
        if line.chars().count() + beside <= WIDTH || args.is_empty() {
            return line;
        }
        let lines: String = args.iter().map(|arg| format!("{INDENT}{arg},\n")).collect();
        format!("{}(\n{lines})", self.callee)
    }
}

impl WrittenArgument {
    /// As it stands in the call; `None` where it must not be there.
    pub fn text(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        Some(match self.form {
            ArgumentForm::Positional => value.clone(),
            ArgumentForm::Keyword => format!("{}={value}", self.keyword),
        })
    }
}

/// The line length of the formatters that Django itself uses.
const WIDTH: usize = 88;

/// One level.
pub const INDENT: &str = "    ";
