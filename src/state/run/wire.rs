//! Workers and what was asked of them. No signals here.

use std::collections::HashMap;

use throughline_worker::protocol::{Ask, List, Request, TableCount, Tell};

use crate::platform::worker::{Heard, Link};

/// What to do with the answer to a request.
pub(super) enum Pending {
    /// The database is being built.
    Load,
    /// A script runs.
    Run {
        /// The script.
        sql: String,
    },
    /// A script of ORM calls runs.
    Play {
        /// The script.
        script: super::Excerpt,
    },
    /// Rows for the grid.
    Page(List),
    /// Something about a script.
    Question(Box<dyn FnOnce(Tell)>),
    /// CSV.
    Csv(Box<dyn FnOnce(Result<String, String>)>),
    /// The database, to be kept.
    Dump,
    /// A sign of life.
    Ping,
}

/// Where what a worker says is heard, with the number of that worker.
pub(super) type Ear = fn(super::Engine, u32, Heard);

/// A worker, and what waits for its code to be there.
struct Channel {
    link: Link,
    number: u32,
    ready: bool,
    waiting: Vec<Request>,
}

impl Channel {
    /// Sends, now or as soon as the worker listens.
    fn send(&mut self, request: Request) {
        if self.ready {
            // A request that cannot be posted is never answered; the ping finds out.
            let _ = self.link.send(&request);
        } else {
            self.waiting.push(request);
        }
    }

    fn ready(&mut self) {
        self.ready = true;
        for request in std::mem::take(&mut self.waiting) {
            self.send(request);
        }
    }
}

/// A second worker with the same database, for the moment when the first one is stopped.
struct Spare {
    channel: Channel,
    load: u32,
    tables: Option<Vec<TableCount>>,
}

/// What stopping the worker leads to.
pub(super) enum Next {
    /// A worker with the database is there already.
    Loaded(Vec<TableCount>),
    /// A worker is loading the database, or there is none.
    Waiting,
}

/// The worker in use, the spare one, and the requests that wait for an answer.
#[derive(Default)]
pub(super) struct Wire {
    main: Option<Channel>,
    spare: Option<Spare>,
    workers: u32,
    last_id: u32,
    pub(super) pending: HashMap<u32, Pending>,
}

impl Wire {
    fn channel(&mut self, engine: super::Engine, ear: Ear) -> Result<Channel, String> {
        self.workers += 1;
        let number = self.workers;
        let link = Link::open(move |heard| ear(engine, number, heard))?;
        Ok(Channel { link, number, ready: false, waiting: Vec::new() })
    }

    /// Starts a worker in the place of the one in use. What was asked of that one is forgotten.
    pub(super) fn open(&mut self, engine: super::Engine, ear: Ear) -> Result<(), String> {
        self.pending.clear();
        self.main = None;
        self.main = Some(self.channel(engine, ear)?);
        Ok(())
    }

    /// Whether the code of the worker in use is there.
    pub(super) fn is_ready(&self) -> bool {
        self.main.as_ref().is_some_and(|channel| channel.ready)
    }

    /// Starts a second worker and has it load the same database.
    pub(super) fn open_spare(&mut self, engine: super::Engine, ear: Ear, ask: Ask) {
        // Without one, cancelling only takes longer.
        let Ok(mut channel) = self.channel(engine, ear) else { return };
        self.last_id += 1;
        channel.send(Request { id: self.last_id, ask });
        self.spare = Some(Spare { channel, load: self.last_id, tables: None });
    }

    /// Ends the second worker.
    pub(super) fn close_spare(&mut self) {
        self.spare = None;
    }

    /// Ends the worker in use, whatever it is doing, and puts the spare one in its place.
    pub(super) fn stop(&mut self) -> Option<Next> {
        self.pending.clear();
        self.main = None;
        let spare = self.spare.take()?;
        self.main = Some(spare.channel);
        Some(match spare.tables {
            Some(tables) => Next::Loaded(tables),
            None => {
                self.pending.insert(spare.load, Pending::Load);
                Next::Waiting
            }
        })
    }

    /// Ends both workers. What was asked is forgotten.
    pub(super) fn close(&mut self) {
        self.pending.clear();
        self.main = None;
        self.spare = None;
    }

    /// Whether a worker is in use.
    pub(super) fn is_open(&self) -> bool {
        self.main.is_some()
    }

    /// Whether this worker is the one in use.
    pub(super) fn is_main(&self, number: u32) -> bool {
        self.main.as_ref().is_some_and(|channel| channel.number == number)
    }

    /// A worker's code is there.
    pub(super) fn ready(&mut self, number: u32) {
        let spare = self.spare.as_mut().map(|spare| &mut spare.channel);
        if let Some(channel) =
            self.main.iter_mut().chain(spare).find(|channel| channel.number == number)
        {
            channel.ready();
        }
    }

    /// The spare worker has loaded the database.
    pub(super) fn spare_loaded(&mut self, number: u32, tables: Vec<TableCount>) {
        if let Some(spare) = self.spare.as_mut().filter(|spare| spare.channel.number == number) {
            spare.tables = Some(tables);
        }
    }

    /// A worker that is not in use has ended.
    pub(super) fn spare_died(&mut self, number: u32) {
        self.spare.take_if(|spare| spare.channel.number == number);
    }

    /// Sends a request to the worker in use.
    pub(super) fn ask(&mut self, ask: Ask, pending: Pending) -> u32 {
        self.last_id += 1;
        let id = self.last_id;
        if let Some(channel) = &mut self.main {
            channel.send(Request { id, ask });
            self.pending.insert(id, pending);
        }
        id
    }

    /// Whether a request of this kind waits for its answer.
    pub(super) fn waits(&self, of: fn(&Pending) -> bool) -> bool {
        self.pending.values().any(of)
    }
}
