//! Calls.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::{Arguments, Expr, ExprCall, Parameters};
use ruff_text_size::Ranged;
use throughline_order::Gather as _;

use super::statement::span;
use super::{Flow, Machine, Scope, raise};
use crate::value::{
    Args, Body, Bound, Class, Dict, Function, Instance, Method, Outcome, Value, listed, too_many,
};

impl Machine {
    pub(crate) fn call_expression(&mut self, call: &ExprCall, scope: &Rc<Scope>) -> Outcome {
        // A method of a built-in value is called without making a bound method of it.
        if let Expr::Attribute(attribute) = &*call.func {
            let receiver = self.eval(&attribute.value, scope)?;
            let name = attribute.attr.as_str();
            let place = span(attribute.range);
            if let Some(method) = crate::builtins::method_of(&receiver, name) {
                let args = self.arguments(&call.arguments, scope)?;
                return self.built_in_method(&receiver, method, args);
            }
            let callee = self.attribute(&receiver, name).map_err(|raised| raised.at(place))?;
            let args = self.arguments(&call.arguments, scope)?;
            return self.call(&callee, args);
        }
        if let Expr::Name(name) = &*call.func
            && name.id.as_str() == "super"
            && scope.reach("super").is_none()
        {
            let args = self.arguments(&call.arguments, scope)?;
            return self.parent(scope, args);
        }
        let callee = self.eval(&call.func, scope)?;
        let args = self.arguments(&call.arguments, scope)?;
        self.call(&callee, args)
    }

    /// The arguments of a call, in the order in which they are written.
    fn arguments(&mut self, arguments: &Arguments, scope: &Rc<Scope>) -> Outcome<Args> {
        let mut out =
            Args { positional: self.items(&arguments.args, scope)?, keywords: Vec::new() };
        for keyword in &arguments.keywords {
            let value = self.eval(&keyword.value, scope)?;
            match &keyword.arg {
                Some(name) => out.keywords.push((name.as_str().into(), value)),
                None => {
                    for (key, value) in self
                        .mapping(&value)
                        .map_err(|raised| raised.at(span(keyword.value.range())))?
                    {
                        let Value::Str(key) = key else {
                            return Err(raise("TypeError", "keywords must be strings"));
                        };
                        out.keywords.push((key, value));
                    }
                }
            }
        }
        Ok(out)
    }

    /// Calls a value.
    ///
    /// # Errors
    /// What the call raises; `TypeError` where it cannot be called.
    pub fn call(&mut self, callee: &Value, args: Args) -> Outcome {
        self.step()?;
        match callee {
            Value::Function(function) => {
                if function.is_async {
                    // Arguments that do not fit are told at the call, not when it is awaited.
                    self.bind_parameters(function, args.clone())?;
                    return Ok(Value::Coroutine(Rc::new(RefCell::new(Some((
                        function.clone(),
                        args,
                    ))))));
                }
                self.deeper(|machine| machine.enter_function(function, args))
            }
            Value::Native(native) => {
                let native = native.clone();
                self.deeper(|machine| native.run.run(machine, args))
            }
            Value::Bound(bound) => match &bound.method {
                Method::BuiltIn(name) => self.built_in_method(&bound.receiver, name, args),
                Method::Value(method) => {
                    let method = method.clone();
                    self.call(&method, args.after(bound.receiver.clone()))
                }
            },
            Value::Class(class) => self.construct(class, args),
            Value::Object(object) => {
                let object = object.clone();
                match self.deeper(|machine| object.call(machine, args))? {
                    Some(value) => Ok(value),
                    None => Err(not_callable(callee)),
                }
            }
            Value::Instance(instance) => match instance.class.get("__call__") {
                Some(method) => self.call(&method, args.after(callee.clone())),
                None => Err(not_callable(callee)),
            },
            _ => Err(not_callable(callee)),
        }
    }

    /// Calls a method that takes nothing but the receiver.
    pub(crate) fn call_method(&mut self, receiver: &Value, method: Value) -> Outcome {
        let bound = bind(receiver, method);
        self.call(&bound, Args::default())
    }

    fn construct(&mut self, class: &Rc<Class>, args: Args) -> Outcome {
        if let Some(hooks) = class.hooks.clone()
            && let Some(made) =
                self.deeper(|machine| hooks.construct(machine, class, args.clone()))?
        {
            return Ok(made);
        }
        if class.derives_from("BaseException") {
            return Ok(Value::Instance(self.exception_of(class, args.positional)));
        }
        match (class.get("__new__"), class.get("__init__")) {
            (Some(make), _) => self.call(&make, args),
            (None, Some(init)) => {
                let made = Value::Instance(Rc::new(Instance::new(class.clone())));
                self.call(&init, args.after(made.clone()))?;
                Ok(made)
            }
            (None, None) => {
                args.none(&class.name)?;
                Ok(Value::Instance(Rc::new(Instance::new(class.clone()))))
            }
        }
    }

    /// Runs a function's body.
    pub(crate) fn enter_function(&mut self, function: &Rc<Function>, args: Args) -> Outcome {
        let values = self.bind_parameters(function, args)?;
        let scope = Scope::call(&function.scope, function.locals.clone());
        if function.scope.get(super::CLASS).is_some()
            && let Some((_, receiver)) = values.first()
        {
            scope.set(super::parent::RECEIVER, receiver.clone());
        }
        for (name, value) in values {
            scope.set(&name, value);
        }
        match &function.body {
            Body::Expression(expr) => {
                let expr = expr.clone();
                self.eval(&expr, &scope)
            }
            Body::Statements(body) => {
                let body = body.clone();
                match self.block(&body, &scope)? {
                    Flow::Return(value) => Ok(value),
                    Flow::Next | Flow::Break | Flow::Continue => Ok(Value::None),
                }
            }
        }
    }

    /// The values of parameters that may be left out.
    pub(crate) fn defaults(
        &mut self,
        parameters: &Parameters,
        scope: &Rc<Scope>,
    ) -> Outcome<Vec<(Rc<str>, Value)>> {
        let mut out = Vec::new();
        for parameter in
            parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs)
        {
            if let Some(default) = &parameter.default {
                out.push((parameter.parameter.name.as_str().into(), self.eval(default, scope)?));
            }
        }
        Ok(out)
    }

    fn bind_parameters(
        &mut self,
        function: &Function,
        args: Args,
    ) -> Outcome<Vec<(Rc<str>, Value)>> {
        let parameters = &function.parameters;
        let name = &*function.name;
        let names: Vec<&str> = parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .map(|parameter| parameter.parameter.name.as_str())
            .gather();
        let default = |wanted: &str| {
            function
                .defaults
                .iter()
                .find(|(name, _)| &**name == wanted)
                .map(|(_, value)| value.clone())
        };
        let mut bound: Vec<(Rc<str>, Value)> = Vec::with_capacity(names.len());
        let given = args.positional.len();
        let mut positional = args.positional.into_iter();
        for (parameter, value) in names.iter().zip(positional.by_ref()) {
            bound.push(((*parameter).into(), value));
        }
        let rest: Vec<Value> = positional.gather();
        match &parameters.vararg {
            Some(vararg) => bound.push((vararg.name.as_str().into(), Value::tuple(rest))),
            None if !rest.is_empty() => {
                let required = names.iter().filter(|name| default(name).is_none()).count();
                return Err(too_many(name, required, names.len(), given));
            }
            None => {}
        }
        let mut more = Dict::default();
        for (keyword, value) in args.keywords {
            let known = names.iter().any(|name| **name == *keyword)
                || parameters
                    .kwonlyargs
                    .iter()
                    .any(|parameter| parameter.parameter.name.as_str() == &*keyword);
            if bound.iter().any(|(name, _)| **name == *keyword) && known {
                return Err(raise(
                    "TypeError",
                    format!("{name}() got multiple values for argument '{keyword}'"),
                ));
            }
            if known {
                bound.push((keyword, value));
            } else if parameters.kwarg.is_some() {
                more.set(&keyword, value);
            } else {
                return Err(raise(
                    "TypeError",
                    format!("{name}() got an unexpected keyword argument '{keyword}'"),
                ));
            }
        }
        if let Some(kwarg) = &parameters.kwarg {
            bound.push((kwarg.name.as_str().into(), Value::dict(more)));
        }
        let mut missing = Vec::new();
        for parameter in &names {
            if bound.iter().all(|(name, _)| &**name != *parameter) {
                match default(parameter) {
                    Some(value) => bound.push(((*parameter).into(), value)),
                    None => missing.push(*parameter),
                }
            }
        }
        if !missing.is_empty() {
            return Err(raise(
                "TypeError",
                format!("{name}() missing {}", listed(&missing, "positional")),
            ));
        }
        for parameter in &parameters.kwonlyargs {
            let parameter = parameter.parameter.name.as_str();
            if bound.iter().all(|(name, _)| &**name != parameter) {
                match default(parameter) {
                    Some(value) => bound.push((parameter.into(), value)),
                    None => missing.push(parameter),
                }
            }
        }
        if !missing.is_empty() {
            return Err(raise(
                "TypeError",
                format!("{name}() missing {}", listed(&missing, "keyword-only")),
            ));
        }
        Ok(bound)
    }
}

/// A function as a method of a value.
pub(crate) fn bind(receiver: &Value, method: Value) -> Value {
    match method {
        Value::Function(_) | Value::Native(_) => Value::Bound(Rc::new(Bound {
            receiver: receiver.clone(),
            method: Method::Value(method),
        })),
        other => other,
    }
}

fn not_callable(value: &Value) -> Box<super::Raised> {
    raise("TypeError", format!("'{}' object is not callable", value.type_name()))
}
