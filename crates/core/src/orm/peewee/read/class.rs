//! The body of a model class.

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::field::{self, Call};
use super::{Reader, custom};
use crate::document::{
    Argument, Base, Member, MemberKind, Meta, Model, ModelKind, Name, Span, Value,
};
use crate::python::{self, Bound, Class};

/// Keywords whose value may be a function that gives a name.
const FUNCTIONS: &[&str] = &["backref", "related_name"];

impl Reader<'_> {
    /// Reads the body of a model class, or of a class that lends it its fields.
    pub(super) fn model(&mut self, def: &StmtClassDef, kind: ModelKind) -> (Model, Class) {
        let bases = def.arguments.iter().flat_map(|arguments| arguments.args.iter());
        let mut model = Model {
            name: python::name(&def.name),
            span: python::span(def.range()),
            bases: bases
                .filter_map(|base| {
                    Some(Base { path: python::dotted(base)?, span: python::span(base.range()) })
                })
                .collect(),
            kind,
            fields: Vec::with_capacity(def.body.len()),
            overwritten: Vec::new(),
            members: Vec::new(),
            meta: Meta::default(),
            comment: None,
        };
        self.scope.enter();
        self.members(&def.body, &mut model);
        let class = python::close_class(def, &mut self.scope, self.source);
        (model, class)
    }

    fn members(&mut self, body: &[Stmt], model: &mut Model) {
        for statement in body {
            match statement {
                Stmt::ClassDef(inner) if inner.name.id == "Meta" => {
                    model.meta = self.meta(inner);
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
        let Some((targets, value)) = python::assigned(statement) else {
            python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
            return;
        };
        let value = python::chosen(value, &self.scope, self.source);
        let mut made = self.made(value);
        let is_field = made.is_some();
        for (left, target) in (0..targets.len()).rev().zip(targets) {
            let Expr::Name(target) = target else { continue };
            let name = Name { text: target.id.to_string(), span: python::span(target.range) };
            model.members.retain(|member| member.name.text != name.text);
            model.unbind(&name.text);
            let this = if left == 0 { made.take() } else { made.clone() };
            match this {
                Some((class, args, known)) => {
                    let call = Call { class, args };
                    let span = python::span(statement.range());
                    model.fields.push(field::read(name, span, call, &known, self.source));
                }
                // `name = None` takes an inherited field away.
                None => member(model, name, MemberKind::Attribute),
            }
        }
        if !is_field {
            python::bind(statement, &mut self.scope, self.source, &mut Vec::new());
        }
    }

    /// `Role._meta.add_field("users", ManyToManyField(User))`: a field like any other, but not in the body.
    pub(super) fn late_field(&mut self, model: &str, call: &ExprCall) {
        let [Expr::StringLiteral(name), value] = &*call.arguments.args else { return };
        let Some((class, args, known)) = self.made(value) else { return };
        let quoted = python::span(name.range());
        let text = name.value.to_str().to_owned();
        let within = Span::new(quoted.start + 1, quoted.end.saturating_sub(1));
        if within.text(self.source) != text {
            return;
        }
        let name = Name { text, span: within };
        let span = python::span(call.range());
        let field = field::read(name, span, Call { class, args }, &known, self.source);
        let models = &mut self.document.models;
        if let Some(model) = models.iter_mut().rfind(|other| other.name.text == model) {
            model.fields.push(field);
        }
    }

    /// The field that an expression makes: a call of a field class, or a name of one made before.
    fn made(&mut self, value: &Expr) -> Option<(Name, Vec<Argument>, custom::FieldClass)> {
        match value {
            Expr::Call(call) => {
                let path = python::dotted(&call.func)?;
                let class = custom::classify(&path, &self.scope, &self.stars)?;
                let mut args = python::arguments(&call.arguments, &self.scope, self.source);
                for arg in &mut args {
                    let names = arg.keyword.as_deref().is_some_and(|key| FUNCTIONS.contains(&key));
                    if names {
                        arg.value = self.function(std::mem::replace(&mut arg.value, Value::None));
                    }
                }
                Some((field::class_name(&call.func), args, class))
            }
            Expr::Name(_) | Expr::Attribute(_) => {
                let Value::Call { callee, args } = python::eval(value, &self.scope, self.source)
                else {
                    return None;
                };
                let class = custom::classify(&callee, &self.scope, &self.stars)?;
                let text = callee.rsplit('.').next().unwrap_or_default().to_owned();
                Some((Name { text, span: python::span(value.range()) }, args, class))
            }
            _ => None,
        }
    }
}

fn member(model: &mut Model, name: Name, kind: MemberKind) {
    model.members.retain(|member| member.name.text != name.text);
    model.unbind(&name.text);
    model.members.push(Member { name, kind });
}
