//! What a project holds, in shared pieces, so that a step of the history costs only what it changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_core::examples;
use throughline_core::link::{Place, Project};
use throughline_core::orm::{self, Orm};

/// Where models stand that the user moved, by name.
pub type Layout = BTreeMap<String, Place>;

/// The present state of the project. Cheap to clone; pieces are compared by pointer first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The ORM's id; always one that there is.
    pub orm: &'static str,
    /// What the user calls the project.
    pub title: Arc<str>,
    /// Models source: the one truth.
    pub models: Arc<str>,
    /// Script source.
    pub script: Arc<str>,
    /// The SQL in the query editor.
    pub sql: Arc<str>,
    /// SQL that brings the user's own rows; empty: the sample rows.
    pub rows: Arc<str>,
    /// Where models stand that the user moved.
    pub layout: Arc<Layout>,
    /// The user's notes.
    pub notes: Arc<str>,
}

impl Content {
    /// An empty project of the first ORM.
    pub fn empty() -> Self {
        Self::from(Project::default())
    }

    /// The ORM.
    pub fn orm(&self) -> Option<&'static dyn Orm> {
        orm::by_id(self.orm)
    }

    /// This content after `from` became `to` in some of its pieces; pieces that they share stay as they are here.
    pub fn shifted(&self, from: &Self, to: &Self) -> Self {
        fn piece<T: Clone + PartialEq>(here: &T, from: &T, to: &T) -> T {
            if from == to { here.clone() } else { to.clone() }
        }
        Self {
            orm: piece(&self.orm, &from.orm, &to.orm),
            title: piece(&self.title, &from.title, &to.title),
            models: piece(&self.models, &from.models, &to.models),
            script: piece(&self.script, &from.script, &to.script),
            sql: piece(&self.sql, &from.sql, &to.sql),
            rows: piece(&self.rows, &from.rows, &to.rows),
            layout: piece(&self.layout, &from.layout, &to.layout),
            notes: piece(&self.notes, &from.notes, &to.notes),
        }
    }
}

/// The id of the ORM that this id names, or of the first one.
fn known(id: &str) -> &'static str {
    let orm = orm::by_id(id).or_else(|| orm::ALL.first().copied());
    orm.map_or("", |orm| orm.profile().id)
}

/// The lesson of the example that these models are. It is not saved and not shared: whoever opens the models has it.
fn lesson(models: &str) -> &'static str {
    let example = examples::ALL.iter().find(|example| example.models == models);
    example.map_or("", |example| example.script.trim_end())
}

impl From<Project> for Content {
    fn from(project: Project) -> Self {
        Self {
            orm: known(&project.orm),
            title: project.title.into(),
            // One kind of line break, as the editor has it; Python makes no difference.
            models: project.models.replace("\r\n", "\n").replace('\r', "\n").into(),
            script: if project.script.is_empty() {
                lesson(&project.models).into()
            } else {
                project.script.into()
            },
            sql: project.sql.into(),
            rows: project.rows.into(),
            layout: Arc::new(project.layout),
            notes: project.notes.into(),
        }
    }
}

impl From<&Content> for Project {
    fn from(content: &Content) -> Self {
        Self {
            orm: content.orm.into(),
            title: content.title.to_string(),
            models: content.models.to_string(),
            script: if *content.script == *lesson(&content.models) {
                String::new()
            } else {
                content.script.to_string()
            },
            sql: content.sql.to_string(),
            rows: content.rows.to_string(),
            layout: content.layout.as_ref().clone(),
            notes: content.notes.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_not_shared_and_comes_with_its_models() {
        let example = examples::ALL.first().unwrap();
        let content = Content::from(Project { script: String::new(), ..example.project() });
        assert_eq!(&*content.script, example.script.trim_end());
        assert_eq!(Project::from(&content).script, "");
        let own = Content { script: "1 + 1".into(), ..content };
        assert_eq!(Project::from(&own).script, "1 + 1");
    }

    #[test]
    fn an_undone_step_leaves_other_pieces_alone() {
        let before = Content { models: "a".into(), ..Content::empty() };
        let after = Content { models: "b".into(), ..before.clone() };
        let now = Content { sql: "SELECT 1".into(), ..after.clone() };
        let back = now.shifted(&after, &before);
        assert_eq!((&*back.models, &*back.sql), ("a", "SELECT 1"));
    }
}
