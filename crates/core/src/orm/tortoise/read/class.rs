//! The body of a model class, or of a mixin.

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::{Reader, Sort, comment, custom, field, meta};
use crate::document::{Base, Member, MemberKind, Meta, Model, ModelKind, Name, Value};
use crate::python::{self, Bound, Class, truth};

impl Reader<'_> {
    /// Reads a class.
    pub(super) fn model(&mut self, def: &StmtClassDef, sort: Sort) -> (Model, Class) {
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
            comment: comment::of_class(&def.body),
        };
        self.scope.enter();
        self.members(&def.body, &mut model);
        let class = python::close_class(def, &mut self.scope, self.source);
        model.kind = match sort {
            Sort::Mixin => ModelKind::Mixin,
            Sort::Model | Sort::Other if self.is_abstract(&model, &class) => ModelKind::Abstract,
            Sort::Model | Sort::Other => ModelKind::Concrete,
        };
        (model, class)
    }

    /// `abstract` of the `Meta` that the body itself declares, which may inherit it from another `Meta`.
    fn is_abstract(&self, model: &Model, class: &Class) -> bool {
        if model.meta.span.is_none() {
            return false;
        }
        let Some(Bound::Class(meta)) = class.names.get("Meta") else { return false };
        match self.scope.attribute(meta, "abstract") {
            Some(Bound::Value(value)) => truth(&value) == Some(true),
            Some(Bound::Path(_) | Bound::Class(_) | Bound::Opaque) | None => false,
        }
    }

    fn members(&mut self, body: &[Stmt], model: &mut Model) {
        for statement in body {
            match statement {
                Stmt::ClassDef(inner) if inner.name.id == "Meta" => {
                    model.meta = meta::read(inner, &mut self.scope, self.source);
                }
                Stmt::ClassDef(inner) => {
                    let class = python::class(inner, &mut self.scope, self.source);
                    self.scope.bind(inner.name.id.as_str(), Bound::Class(class.into()));
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
                let name = Name { text: target.id.to_string(), span: python::span(target.range) };
                match &call {
                    Some((call, class)) => {
                        let read =
                            field::read(name, statement, call, class, &self.scope, self.source);
                        model.members.retain(|member| member.name.text != read.name.text);
                        // A name that is bound again keeps its place in the class, as in any dictionary.
                        let same =
                            model.fields.iter_mut().find(|field| field.name.text == read.name.text);
                        match same {
                            Some(field) => {
                                model.overwritten.push(std::mem::replace(field, read));
                            }
                            None => model.fields.push(read),
                        }
                    }
                    None => {
                        // `name = None` takes an inherited field away.
                        let value = python::eval(value, &self.scope, self.source);
                        member(model, name, member_kind(&value));
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

/// A name that is bound to something else is no field any more.
fn member(model: &mut Model, name: Name, kind: MemberKind) {
    model.unbind(&name.text);
    model.members.retain(|member| member.name.text != name.text);
    model.members.push(Member { name, kind });
}

fn member_kind(value: &Value) -> MemberKind {
    match value {
        Value::Call { callee, .. } if callee.ends_with("Manager") => MemberKind::Manager,
        _ => MemberKind::Attribute,
    }
}
