//! What each ORM adds to Python: managers, query sets, instances of models, exceptions. One folder for each.

mod django;

use std::rc::Rc;

use crate::Machine;
use crate::database::DatabaseError;
use crate::eval::Raised;
use crate::export::Exporter;
use crate::value::{Hooks, Value};
use crate::world::World;

/// How an ORM behaves in scripts.
pub trait Runtime: Sync {
    /// The id that the core knows it by.
    fn id(&self) -> &'static str;

    /// Its modules, and the names that scripts have without importing them (`Q`, `F`, …).
    fn install(&self, machine: &mut Machine, world: &Rc<World>);

    /// What makes instances of a model and answers for its class.
    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks>;

    /// The exception that the ORM makes of a mistake of the database.
    fn database_error(&self, machine: &mut Machine, world: &Rc<World>, error: &DatabaseError) -> Box<Raised>;

    /// A value of its own (an instance, a query set) as the recorded cases write it; `None` for others.
    ///
    /// # Errors
    /// What fetching raises.
    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> crate::Outcome<Option<serde_json::Value>>;
}

/// The runtimes that there are.
pub static ALL: &[&dyn Runtime] = &[&django::Django];

/// The runtime of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Runtime> {
    ALL.iter().copied().find(|runtime| runtime.id() == id)
}
