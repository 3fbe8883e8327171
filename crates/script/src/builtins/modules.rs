//! Modules of the standard library, as far as scripts about data need them.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::Builtins;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Class, Named, Outcome, Value};

/// Those that scripts can import without an ORM.
pub(crate) fn modules(builtins: &Builtins) -> Named<Rc<Class>> {
    let mut out = Named::default();
    let mut module = |name: &str, names: Vec<(&str, Value)>| {
        let module = Class::new(name, "", &[]);
        module.set(crate::eval::CLOSED, Value::str(super::library::names(name)));
        for (name, value) in names {
            module.set(name, value);
        }
        out.insert(Rc::from(name), Rc::new(module));
    };
    let class = |key: &str| builtins.class(key).map_or(Value::None, Value::Class);
    module(
        "datetime",
        vec![
            ("date", class("datetime.date")),
            ("datetime", class("datetime.datetime")),
            ("time", class("datetime.time")),
            ("timedelta", class("datetime.timedelta")),
            ("timezone", class("datetime.timezone")),
            ("UTC", Value::Zone(0)),
        ],
    );
    let mut decimal = vec![
        ("Decimal", class("decimal.Decimal")),
        ("InvalidOperation", class("decimal.InvalidOperation")),
        ("DivisionByZero", class("decimal.DivisionByZero")),
    ];
    decimal.extend(
        [
            "ROUND_HALF_UP",
            "ROUND_HALF_EVEN",
            "ROUND_HALF_DOWN",
            "ROUND_UP",
            "ROUND_DOWN",
            "ROUND_CEILING",
            "ROUND_FLOOR",
        ]
        .map(|name| (name, Value::str(name))),
    );
    module("decimal", decimal);
    module("uuid", vec![("UUID", class("UUID")), ("uuid4", Value::native("uuid4", uuid4))]);
    module(
        "json",
        vec![
            ("dumps", Value::native("dumps", super::json::dumps)),
            ("loads", Value::native("loads", super::json::loads)),
        ],
    );
    module(
        "asyncio",
        vec![
            (
                "run",
                Value::native("run", |machine, args| {
                    let coroutine = args.positional.into_iter().next().unwrap_or(Value::None);
                    machine.wait(&coroutine)
                }),
            ),
            (
                "gather",
                Value::native("gather", |machine, args| {
                    let mut out = Vec::new();
                    for each in &args.positional {
                        out.push(machine.wait(each)?);
                    }
                    Ok(done(Value::list(out)))
                }),
            ),
            ("sleep", Value::native("sleep", |_, _| Ok(done(Value::None)))),
        ],
    );
    module(
        "math",
        vec![
            ("pi", Value::Float(std::f64::consts::PI)),
            ("e", Value::Float(std::f64::consts::E)),
            ("inf", Value::Float(f64::INFINITY)),
            (
                "sqrt",
                Value::native("sqrt", |_, args| {
                    let number = number(args)?;
                    if number < 0.0 {
                        return Err(raise("ValueError", "math domain error"));
                    }
                    Ok(Value::Float(number.sqrt()))
                }),
            ),
            ("floor", Value::native("floor", |_, args| whole(number(args)?.floor()))),
            ("ceil", Value::native("ceil", |_, args| whole(number(args)?.ceil()))),
        ],
    );
    let same = |name| {
        (
            name,
            Value::native("same", |_: &mut Machine, args: Args| {
                Ok(args.positional.into_iter().next().unwrap_or(Value::None))
            }),
        )
    };
    module(
        "typing",
        [
            "Any",
            "List",
            "Dict",
            "Optional",
            "Union",
            "Iterable",
            "TYPE_CHECKING",
            "ClassVar",
            "Tuple",
        ]
        .map(|name| (name, Value::None))
        .into_iter()
        .chain([same("cast")])
        .gather(),
    );
    out
}

fn number(args: Args) -> Outcome<f64> {
    let value = args.positional.into_iter().next().unwrap_or(Value::None);
    crate::eval::float_of(&value).ok_or_else(|| {
        raise("TypeError", format!("must be real number, not {}", value.type_name()))
    })
}

#[allow(clippy::cast_possible_truncation, reason = "what does not fit is refused")]
fn whole(number: f64) -> Outcome {
    if number.abs() < 9e18 {
        Ok(Value::Int(number as i64))
    } else {
        Err(refuse("Integers beyond 64 bits are not supported here."))
    }
}

/// UUIDs of version 4 from the machine's own sequence: equal runs give equal ones.
fn uuid4(machine: &mut Machine, _: Args) -> Outcome {
    let mut next = || {
        // The splitmix64 sequence.
        machine.chance = machine.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = machine.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u128::from(mixed ^ (mixed >> 31))
    };
    let bits = next() << 64 | next();
    Ok(Value::Uuid(Rc::new(bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62)))
}

/// A value that can be awaited.
fn done(value: Value) -> Value {
    struct Done(Value);
    impl crate::value::Object for Done {
        fn class(&self) -> Rc<Class> {
            Rc::new(Class::new("Future", "asyncio", &[]))
        }
        fn any(&self) -> &dyn std::any::Any {
            self
        }
        fn wait(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
            Ok(Some(self.0.clone()))
        }
    }
    Value::Object(Rc::new(Done(value)))
}
