//! The projects of the Examples menu. The page opens on the first.

use crate::link::Project;

/// A project to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Names it in addresses and tests: `many-to-many`.
    pub id: &'static str,
    /// What the menu calls it.
    pub title: &'static str,
    /// One sentence on what there is to see.
    pub description: &'static str,
    /// The ORM's id.
    pub orm: &'static str,
    /// Models source.
    pub models: &'static str,
    /// The first query.
    pub sql: &'static str,
    /// A lesson in calls of the ORM.
    pub script: &'static str,
}

impl Example {
    /// A fresh project made from it.
    pub fn project(&self) -> Project {
        Project {
            orm: self.orm.into(),
            title: self.title.into(),
            models: self.models.into(),
            sql: self.sql.trim_end().into(),
            script: self.script.trim_end().into(),
            ..Project::default()
        }
    }
}

/// The example of this id.
pub fn by_id(id: &str) -> Option<&'static Example> {
    ALL.iter().find(|example| example.id == id)
}

/// All of them, in the order of the menu. There is always a first.
pub static ALL: &[Example] = &[
    Example {
        id: "enrolment",
        title: "Students and courses",
        description: "Many to many through a model of its own, with a grade and a date on each pair.",
        orm: "django",
        models: include_str!("enrolment.py"),
        sql: include_str!("enrolment.sql"),
        script: include_str!("enrolment_calls.py"),
    },
    Example {
        id: "one-to-many",
        title: "Authors and books",
        description: "One to many: a foreign key, and the reverse name that Django gives by default.",
        orm: "django",
        models: include_str!("one_to_many.py"),
        sql: include_str!("one_to_many.sql"),
        script: include_str!("one_to_many_calls.py"),
    },
    Example {
        id: "many-to-many",
        title: "Pizzas and toppings",
        description: "Many to many with a through table that nobody wrote: Django generates it.",
        orm: "django",
        models: include_str!("many_to_many.py"),
        sql: include_str!("many_to_many.sql"),
        script: include_str!("many_to_many_calls.py"),
    },
    Example {
        id: "self-relation",
        title: "Employees, managers, friends",
        description: "A model related to itself three ways: a tree, a symmetrical many-to-many and a directed one.",
        orm: "django",
        models: include_str!("self_relation.py"),
        sql: include_str!("self_relation.sql"),
        script: include_str!("self_relation_calls.py"),
    },
    Example {
        id: "clash",
        title: "Two relations that clash",
        description: "Two foreign keys to one model ask for the same reverse name. Look at Problems, and fix it.",
        orm: "django",
        models: include_str!("clash.py"),
        sql: include_str!("clash.sql"),
        script: include_str!("clash_calls.py"),
    },
    Example {
        id: "blog",
        title: "Blog",
        description: "A bit of everything: one-to-one, a tree of categories, tags, an abstract parent, constraints.",
        orm: "django",
        models: include_str!("blog.py"),
        sql: include_str!("blog.sql"),
        script: include_str!("blog_calls.py"),
    },
    Example {
        id: "inheritance",
        title: "Places and restaurants",
        description: "Multi-table inheritance: each child has a table whose key points at its parent's row.",
        orm: "django",
        models: include_str!("inheritance.py"),
        sql: include_str!("inheritance.sql"),
        script: include_str!("inheritance_calls.py"),
    },
    Example {
        id: "shop",
        title: "Shop",
        description: "Customers, orders and products, with order items between them and an invoice for each order.",
        orm: "django",
        models: include_str!("shop.py"),
        sql: include_str!("shop.sql"),
        script: include_str!("shop_calls.py"),
    },
    Example {
        id: "teams",
        title: "Teams and projects",
        description: "Many to many, declared on one side: Tortoise makes the other, and a table without an id.",
        orm: "tortoise",
        models: include_str!("tortoise_teams.py"),
        sql: include_str!("tortoise_teams.sql"),
        script: include_str!("tortoise_teams_calls.py"),
    },
    Example {
        id: "library",
        title: "Books on shelves",
        description: "A through model with a column of its own: ormar adds the two keys, and the way back.",
        orm: "ormar",
        models: include_str!("ormar_library.py"),
        sql: include_str!("ormar_library.sql"),
        script: include_str!("ormar_library_calls.py"),
    },
    Example {
        id: "messages",
        title: "Messages between people",
        description: "Two foreign keys to one model, each with a backref: without one, Peewee lets the second win.",
        orm: "peewee",
        models: include_str!("peewee_messages.py"),
        sql: include_str!("peewee_messages.sql"),
        script: include_str!("peewee_messages_calls.py"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;

    #[test]
    fn every_example_fits_a_link() {
        for example in ALL {
            let project = example.project();
            assert_eq!(link::decode(&link::encode(&project)), Ok(project), "{}", example.id);
        }
    }

    #[test]
    fn ids_are_unique() {
        for example in ALL {
            assert_eq!(by_id(example.id), Some(example));
        }
    }

    /// The budget is 250 characters for the median schema of five to seven tables. These have constraints, choices and
    /// inheritance on top, which schemas of other drawing tools cannot say.
    #[test]
    fn links_of_schemas_of_five_to_seven_models_are_short() {
        for (id, limit) in [("blog", 250), ("shop", 330)] {
            let models = by_id(id).unwrap().models.to_string();
            let link =
                link::encode(&Project { orm: "django".into(), models, ..Project::default() });
            assert!(link.len() <= limit, "{id}: {}", link.len());
        }
    }
}
