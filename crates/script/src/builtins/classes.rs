//! The exceptions of Python, with their bases.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::Builtins;
use crate::value::{Class, Value};

/// Each with its base.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("BaseException", "object"),
    ("KeyboardInterrupt", "BaseException"),
    ("SystemExit", "BaseException"),
    ("Exception", "BaseException"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("ArithmeticError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("TimeoutError", "OSError"),
    ("Warning", "Exception"),
    ("DeprecationWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("UserWarning", "Warning"),
];

/// Those of `decimal`, under the names by which they are raised here.
const DECIMAL: &[(&str, &str, &str)] = &[
    ("decimal.DecimalException", "DecimalException", "ArithmeticError"),
    ("decimal.InvalidOperation", "InvalidOperation", "decimal.DecimalException"),
    ("decimal.DivisionByZero", "DivisionByZero", "decimal.DecimalException"),
];

pub(super) fn add(builtins: &mut Builtins) {
    let object = builtins.add_class("object", Class::new("object", "builtins", &[]));
    builtins.name("object", Value::Class(object));
    for (name, base) in EXCEPTIONS {
        let class = exception(builtins, name, name, "builtins", base);
        builtins.name(name, Value::Class(class));
    }
    for (key, name, base) in DECIMAL {
        exception(builtins, key, name, "decimal", base);
    }
}

fn exception(
    builtins: &mut Builtins,
    key: &'static str,
    name: &str,
    module: &str,
    base: &str,
) -> Rc<Class> {
    let bases: Vec<Rc<Class>> = builtins.class(base).into_iter().gather();
    builtins.add_class(key, Class::new(name, module, &bases))
}
