//! Tests that need a browser, but not the whole page; `tests/` has them. Here is what they share with the bench.

use throughline_core::edit::{self, Edit, FieldDraft, RelationDraft, ThroughDraft};
use throughline_core::orm::Orm;

use throughline_core::document::RelationKind;

/// How many plain fields a model has: the `name` and what the ORM offers after it.
const PLAIN: usize = 8;

/// A models file of `count` models, each but the first with eight plain fields, and with two relations to models before it.
///
/// One such model is written by edits, as the page writes it, so that every ORM has its own; the others are copies of it.
pub fn models_source(orm: &dyn Orm, count: usize) -> String {
    let (target, model) = ("Target".to_owned(), "Copied".to_owned());
    let mut source = orm.skeleton().to_owned();
    let classes = orm.profile().field_classes.iter();
    let plain = classes.cycle().take(PLAIN).enumerate().map(|(at, class)| {
        let name = if at == 0 { "name".to_owned() } else { format!("field_{at}") };
        let field = FieldDraft { name, class: class.name.to_owned(), arguments: Vec::new() };
        Edit::AddField { model: model.clone(), field }
    });
    let relation = |name: &str, kind, reverse: &str| Edit::AddRelation {
        model: model.clone(),
        relation: RelationDraft {
            name: name.to_owned(),
            kind,
            target: target.clone(),
            related_name: Some(reverse.to_owned()),
            null: false,
            on_delete: None,
            through: ThroughDraft::Automatic,
        },
    };
    let edits = [Edit::AddModel { name: target.clone() }, Edit::AddModel { name: model.clone() }]
        .into_iter()
        .chain(plain)
        .chain([
            relation("following", RelationKind::ForeignKey, "before_copied"),
            relation("others", RelationKind::ManyToMany, "others_copied"),
        ]);
    for change in edits {
        let document = orm.read(&source);
        if let Ok(edits) = edit::edit(orm, &source, &document, &change) {
            source = edit::apply(&source, &edits);
        }
    }
    let document = orm.read(&source);
    let Some(end) = document.model(&target).map(|target| target.span.end as usize) else {
        return source;
    };
    let (mut out, template) = (
        source.get(..end).unwrap_or_default().replace(&target, "Model0"),
        source.get(end..).unwrap_or_default(),
    );
    for number in 1..count {
        let to = (number * 7 + 3) % number;
        let copy = template.replace(&model, &format!("Model{number}"));
        let copy = copy.replace("_copied", &format!("_{number}"));
        out += &copy.replace(&target, &format!("Model{to}"));
    }
    out
}
