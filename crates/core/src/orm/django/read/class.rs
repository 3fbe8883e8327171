//! The body of a model class.

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::{Reader, custom, field, meta};
use crate::document::{Base, Member, MemberKind, Meta, Model, ModelKind, Name, Value};
use crate::orm::django::fields::Shape;
use crate::python::{self, Bound, Class};

impl Reader<'_> {
    /// Reads a model class.
    pub(super) fn model(&mut self, def: &StmtClassDef) -> (Model, Class) {
        let bases = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        let mut model = Model {
            name: python::name(&def.name),
            span: python::span(def.range()),
            bases: bases
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
        self.members(&def.body, &mut model);
        let class = python::close_class(def, &mut self.scope, self.source);
        model.kind = if meta::is_true(&model.meta, "abstract") {
            ModelKind::Abstract
        } else if meta::is_true(&model.meta, "proxy") {
            ModelKind::Proxy
        } else {
            ModelKind::Concrete
        };
        (model, class)
    }

    fn members(&mut self, body: &[Stmt], model: &mut Model) {
        for statement in body {
            match statement {
                Stmt::ClassDef(inner) if inner.name.id == "Meta" => {
                    let primary_key = model.meta.primary_key.take();
                    model.meta = meta::read(inner, &mut self.scope, self.source);
                    model.meta.primary_key = primary_key;
                }
                Stmt::ClassDef(inner) => {
                    self.class(inner);
                    member(model, python::name(&inner.name), MemberKind::Method);
                }
                Stmt::FunctionDef(function) => {
                    self.scope.bind(function.name.id.as_str(), Bound::Opaque);
                    member(model, python::name(&function.name), MemberKind::Method);
                }
                Stmt::Assign(_) | Stmt::AnnAssign(_) => self.assignment(statement, model),
                other => {
                    for block in python::blocks(other, &self.scope, self.source).unwrap_or_default()
                    {
                        self.members(block, model);
                    }
                }
            }
        }
    }

    fn assignment(&mut self, statement: &Stmt, model: &mut Model) {
        if let Some((targets, value)) = python::assigned(statement) {
            let value = python::chosen(value, &self.scope, self.source);
            let call = if let Expr::Call(call) = value {
                self.field_class(call).map(|class| (call, class))
            } else {
                None
            };
            for target in targets {
                let Expr::Name(target) = target else { continue };
                let name =
                    Name { text: target.id.as_str().to_owned(), span: python::span(target.range) };
                match &call {
                    Some((call, class)) => {
                        let mut read =
                            field::read(name, statement, call, class, &self.scope, self.source);
                        if class.known.is_some_and(|known| known.shape == Shape::Composite) {
                            model.meta.primary_key = Some(field::composite(&mut read));
                        }
                        model.unbind(&read.name.text);
                        model.members.retain(|member| member.name.text != read.name.text);
                        model.fields.push(read);
                    }
                    None => {
                        // `name = None` takes an inherited field away; a plain value replaces a field of the same body.
                        model.unbind(&name.text);
                        member(
                            model,
                            name,
                            member_kind(value, &python::eval(value, &self.scope, self.source)),
                        );
                    }
                }
            }
            if call.is_some() {
                return;
            }
        }
        python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
    }

    fn field_class(&self, call: &ExprCall) -> Option<custom::FieldClass> {
        custom::classify(&python::dotted(&call.func)?, &self.scope)
    }
}

fn member(model: &mut Model, name: Name, kind: MemberKind) {
    model.members.retain(|member| member.name.text != name.text);
    model.members.push(Member { name, kind });
}

/// Managers are told by how they are made: `models.Manager()`, `PersonManager()`, `Query.as_manager()`.
fn member_kind(written: &Expr, value: &Value) -> MemberKind {
    let Value::Call { callee, .. } = value else { return MemberKind::Attribute };
    let last = callee.rsplit('.').next().unwrap_or_default();
    let from_queryset = matches!(written, Expr::Call(call) if matches!(&*call.func, Expr::Call(_)));
    if last.ends_with("Manager") || last == "as_manager" || from_queryset {
        MemberKind::Manager
    } else {
        MemberKind::Attribute
    }
}
