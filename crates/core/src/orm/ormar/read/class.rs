//! The body of a model class.

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::config::{CONFIG, Config, Origin};
use super::{Reader, bases, field};
use crate::document::{Base, Member, MemberKind, Meta, Model, ModelKind, Name, Value};
use crate::python::{self, Bound, Class};

/// What a class body says of the configuration.
struct Found {
    config: Config,
    origin: Origin,
    statement: crate::document::Span,
}

impl Reader<'_> {
    /// Reads a model class, or a mixin with fields.
    pub(super) fn model(&mut self, def: &StmtClassDef, is_model: bool) -> (Model, Class) {
        let written = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        let mut model = Model {
            name: python::name(&def.name),
            span: python::span(def.range()),
            bases: written
                .filter_map(|base| {
                    Some(Base { path: python::dotted(base)?, span: python::span(base.range()) })
                })
                .collect(),
            kind: ModelKind::Concrete,
            fields: Vec::with_capacity(def.body.len()),
            overwritten: Vec::new(),
            members: Vec::new(),
            meta: Meta::default(),
            comment: None,
        };
        self.scope.enter();
        let mut found = None;
        self.members(&def.body, &mut model, &mut found);
        let class = python::close_class(def, &mut self.scope, self.source);
        if let Some(found) = found {
            model.kind = kind(&found.config);
            model.meta = found.config.meta(found.statement, &found.origin);
            self.configs.insert(format!("{}.{CONFIG}", model.name.text), found.config);
        } else if let Some(meta) = self.old_meta(def) {
            model.kind = kind(&meta);
            let span = old_meta_class(def).map_or(model.span, |meta| python::span(meta.range()));
            model.meta = meta.meta(span, &Origin::Own);
        } else {
            model.kind = self.inherited_kind(def, is_model);
            let inherited =
                bases(def).find_map(|base| self.configs.get(&format!("{base}.{CONFIG}")).cloned());
            if let Some(config) = inherited {
                self.configs.insert(format!("{}.{CONFIG}", model.name.text), config);
            }
        }
        model.comment = model.meta.options.iter().find_map(|(name, value)| match value {
            Value::Str(text) if name.text == "comment" => Some(text.clone()),
            _ => None,
        });
        (model, class)
    }

    /// Without a configuration of its own a class has its parent's: it is what the parent is.
    fn inherited_kind(&self, def: &StmtClassDef, is_model: bool) -> ModelKind {
        let known = bases(def).find_map(|base| {
            let has = self.configs.contains_key(&format!("{base}.{CONFIG}"));
            self.models.get(&base).filter(|_| has).map(|known| known.kind)
        });
        match known {
            Some(kind) if is_model => kind,
            // A base from another file brings its own configuration.
            _ if is_model && bases(def).any(|base| self.is_from_elsewhere(&base)) => {
                ModelKind::Concrete
            }
            _ => ModelKind::Abstract,
        }
    }

    fn is_from_elsewhere(&self, base: &str) -> bool {
        let path = self.scope.resolve(base);
        !super::is_model_path(&path)
            && !super::is_plain(&path)
            && !matches!(self.scope.lookup(base), Some(Bound::Class(_)))
    }

    fn members(&mut self, body: &[Stmt], model: &mut Model, found: &mut Option<Found>) {
        for statement in body {
            match statement {
                Stmt::ClassDef(inner) => {
                    let class = python::class(inner, &mut self.scope, self.source);
                    self.scope.bind(inner.name.id.as_str(), Bound::Class(class.into()));
                    member(model, python::name(&inner.name), MemberKind::Method);
                }
                Stmt::FunctionDef(function) => {
                    self.scope.bind(function.name.id.as_str(), Bound::Opaque);
                    member(model, python::name(&function.name), MemberKind::Method);
                }
                Stmt::Assign(_) | Stmt::AnnAssign(_) => self.assignment(statement, model, found),
                other => {
                    for block in python::blocks(other, &self.scope, self.source).unwrap_or_default()
                    {
                        self.members(block, model, found);
                    }
                }
            }
        }
    }

    fn assignment(&mut self, statement: &Stmt, model: &mut Model, found: &mut Option<Found>) {
        if let Some((targets, value)) = python::assigned(statement) {
            let value = python::chosen(value, &self.scope, self.source);
            let call = if let Expr::Call(call) = value {
                python::dotted(&call.func)
                    .and_then(|path| field::class_at(&path, &self.scope))
                    .map(|class| (call, class))
            } else {
                None
            };
            for target in targets {
                let Expr::Name(target) = target else { continue };
                let name = Name { text: target.id.to_string(), span: python::span(target.range) };
                if name.text == CONFIG {
                    if let Some((config, origin)) = self.config(value) {
                        *found = Some(Found {
                            config,
                            origin,
                            statement: python::span(statement.range()),
                        });
                    }
                    continue;
                }
                match &call {
                    Some((call, class)) => {
                        let read =
                            field::read(name, statement, call, *class, &self.scope, self.source);
                        replace(model, read);
                    }
                    None => {
                        model.unbind(&name.text);
                        member(model, name, member_kind(value));
                    }
                }
            }
            if call.is_some() {
                return;
            }
        }
        self.change_config(statement, found);
        python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
    }

    /// `ormar_config.abstract = False` after the configuration was made.
    fn change_config(&self, statement: &Stmt, found: &mut Option<Found>) {
        let (Stmt::Assign(assign), Some(found)) = (statement, found) else { return };
        for target in &assign.targets {
            if let Some(option) = python::dotted(target)
                .and_then(|path| path.strip_prefix("ormar_config.").map(str::to_owned))
            {
                let name = Name { text: option, span: python::span(target.range()) };
                found.config.set(name, python::eval(&assign.value, &self.scope, self.source));
            }
        }
    }
}

/// The nested class `Meta`, where there is one.
pub(super) fn old_meta_class(def: &StmtClassDef) -> Option<&StmtClassDef> {
    def.body.iter().find_map(|statement| match statement {
        Stmt::ClassDef(inner) if inner.name.id == "Meta" => Some(inner),
        _ => None,
    })
}

fn kind(config: &Config) -> ModelKind {
    if config.is_true("proxy") {
        ModelKind::Proxy
    } else if config.is_true("abstract") {
        ModelKind::Abstract
    } else {
        ModelKind::Concrete
    }
}

/// A name that is assigned again keeps its place, as in Python's dictionaries.
fn replace(model: &mut Model, read: crate::document::Field) {
    model.members.retain(|member| member.name.text != read.name.text);
    match model.fields.iter_mut().find(|field| field.name.text == read.name.text) {
        Some(field) => model.overwritten.push(std::mem::replace(field, read)),
        None => model.fields.push(read),
    }
}

fn member(model: &mut Model, name: Name, kind: MemberKind) {
    model.members.retain(|member| member.name.text != name.text);
    model.members.push(Member { name, kind });
}

/// Constants are attributes; what a call gives may as well be a property.
fn member_kind(value: &Expr) -> MemberKind {
    match value {
        Expr::Call(_) | Expr::Lambda(_) => MemberKind::Method,
        _ => MemberKind::Attribute,
    }
}
