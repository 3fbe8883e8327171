//! `django.db.models.functions`, casts and windows: what each is called in SQL, and what type it gives.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::compile;
use super::expression::{Node, Written, node_of, path_or_node, value_of};
use super::lookup;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::sql::{Expr, Order};
use crate::value::{Class, Object, Outcome, Value};

/// What type a function gives.
#[derive(Clone, Copy)]
enum Gives {
    Text,
    Whole,
    Float,
    /// That of its first argument.
    Same,
}

/// Name in Django, name in SQL, what it gives.
const FUNCTIONS: &[(&str, &str, Gives)] = &[
    ("Lower", "LOWER", Gives::Text),
    ("Upper", "UPPER", Gives::Text),
    ("Trim", "TRIM", Gives::Text),
    ("LTrim", "LTRIM", Gives::Text),
    ("RTrim", "RTRIM", Gives::Text),
    ("Replace", "REPLACE", Gives::Text),
    ("Substr", "SUBSTR", Gives::Text),
    ("Left", "LEFT", Gives::Text),
    ("Right", "RIGHT", Gives::Text),
    ("Reverse", "REVERSE", Gives::Text),
    ("Repeat", "REPEAT", Gives::Text),
    ("LPad", "LPAD", Gives::Text),
    ("RPad", "RPAD", Gives::Text),
    ("Chr", "CHAR", Gives::Text),
    ("Ord", "UNICODE", Gives::Whole),
    ("Length", "LENGTH", Gives::Whole),
    ("StrIndex", "INSTR", Gives::Whole),
    ("Concat", "CONCAT", Gives::Text),
    ("Abs", "ABS", Gives::Same),
    ("Ceil", "CEILING", Gives::Same),
    ("Floor", "FLOOR", Gives::Same),
    ("Round", "ROUND", Gives::Same),
    ("Sign", "SIGN", Gives::Whole),
    ("Sqrt", "SQRT", Gives::Float),
    ("Power", "POWER", Gives::Float),
    ("Mod", "MOD", Gives::Float),
    ("Exp", "EXP", Gives::Float),
    ("Ln", "LN", Gives::Float),
    ("Coalesce", "COALESCE", Gives::Same),
    (super::expression::FILLED, "COALESCE", Gives::Same),
    ("NullIf", "NULLIF", Gives::Same),
    ("Greatest", "MAX", Gives::Same),
    ("Least", "MIN", Gives::Same),
    ("RowNumber", "ROW_NUMBER", Gives::Whole),
    ("Rank", "RANK", Gives::Whole),
    ("DenseRank", "DENSE_RANK", Gives::Whole),
    ("FirstValue", "FIRST_VALUE", Gives::Same),
    ("LastValue", "LAST_VALUE", Gives::Same),
    ("Lag", "LAG", Gives::Same),
    ("Lead", "LEAD", Gives::Same),
    ("Ntile", "NTILE", Gives::Whole),
];

/// Functions that stand before OVER.
const OVER: &[&str] = &[
    "RowNumber",
    "Rank",
    "DenseRank",
    "FirstValue",
    "LastValue",
    "Lag",
    "Lead",
    "Ntile",
    super::expression::FILLED,
];

/// Parts of dates, each the transform of its name; and the starts of their units.
const PARTS: &[(&str, &str)] = &[
    ("ExtractYear", "year"),
    ("ExtractMonth", "month"),
    ("ExtractDay", "day"),
    ("ExtractWeek", "week"),
    ("ExtractWeekDay", "week_day"),
    ("ExtractIsoWeekDay", "iso_week_day"),
    ("ExtractQuarter", "quarter"),
    ("ExtractHour", "hour"),
    ("ExtractMinute", "minute"),
    ("ExtractSecond", "second"),
    ("TruncDate", "date"),
];

const STARTS: &[(&str, &str)] =
    &[("TruncYear", "year"), ("TruncMonth", "month"), ("TruncDay", "day"), ("TruncWeek", "week")];

/// What Django has and the engine does not.
const REFUSED: &[&str] = &[
    "StdDev",
    "Variance",
    "Now",
    "Random",
    "Extract",
    "ExtractIsoYear",
    "TruncQuarter",
    "TruncHour",
    "TruncMinute",
    "TruncSecond",
    "TruncTime",
    "MD5",
    "SHA1",
    "SHA224",
    "SHA256",
    "SHA384",
    "SHA512",
    "JSONObject",
    "Collate",
    "PercentRank",
    "CumeDist",
    "NthValue",
    "RawSQL",
    "FilteredRelation",
    "StringAgg",
    "AnyValue",
    "JSONArray",
    "ACos",
    "ASin",
    "ATan",
    "ATan2",
    "Cos",
    "Cot",
    "Degrees",
    "Log",
    "Pi",
    "Radians",
    "Sin",
    "Tan",
];

/// Field classes with the types that casts and `output_field` take from them.
const FIELDS: &[(&str, ColumnType)] = &[
    ("CharField", ColumnType::Text),
    ("TextField", ColumnType::Text),
    ("EmailField", ColumnType::Text),
    ("SlugField", ColumnType::Text),
    ("URLField", ColumnType::Text),
    ("IntegerField", ColumnType::Integer),
    ("BigIntegerField", ColumnType::Integer),
    ("SmallIntegerField", ColumnType::Integer),
    ("PositiveIntegerField", ColumnType::Integer),
    ("FloatField", ColumnType::Float),
    ("DecimalField", ColumnType::Decimal(None)),
    ("BooleanField", ColumnType::Boolean),
    ("DateField", ColumnType::Date),
    ("DateTimeField", ColumnType::DateTime),
];

/// A field that stands for its type.
struct FieldType(ColumnType);

impl Object for FieldType {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Field", "django.db.models.fields", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

pub(super) fn type_of(value: &Value) -> Option<ColumnType> {
    match value {
        Value::Object(object) => object.any().downcast_ref::<FieldType>().map(|ty| ty.0.clone()),
        _ => None,
    }
}

/// The functions, by the names under which scripts know them.
pub(super) fn constructors() -> Vec<(&'static str, Value)> {
    let mut out: Vec<(&'static str, Value)> = Vec::new();
    for (name, ..) in FUNCTIONS {
        out.push((
            name,
            Value::native(name, move |_, mut args| {
                let ty = args.take("output_field").as_ref().and_then(type_of);
                let given =
                    args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value));
                let args = given.map(path_or_node).gather();
                Ok(value_of(typed(Node::Function { name, args }, ty)))
            }),
        ));
    }
    for (name, part) in PARTS.iter().chain(STARTS) {
        let start = STARTS.iter().any(|(known, _)| known == name);
        out.push((
            name,
            Value::native(name, move |_, args| {
                let of = args.positional.first().map_or(Node::Value(Value::None), path_or_node);
                let of = Box::new(of);
                Ok(value_of(if start { Node::Start(part, of) } else { Node::Part(part, of) }))
            }),
        ));
    }
    for (name, ty) in FIELDS {
        out.push((
            name,
            Value::native(name, move |_, _| Ok(Value::Object(Rc::new(FieldType(ty.clone()))))),
        ));
    }
    for name in REFUSED {
        out.push((
            name,
            Value::native(name, move |_, _| {
                Err(refuse(format!("`{name}` is not supported here: the playground's database has nothing that gives the same.")))
            }),
        ));
    }
    out.push((
        "Cast",
        Value::native("Cast", |_, args| {
            let [of, to] = args.bind("Cast", ["expression", "output_field"], 2)?;
            match to.as_ref().and_then(type_of) {
                Some(ty) => {
                    Ok(value_of(Node::Cast(Box::new(path_or_node(&of.unwrap_or(Value::None))), ty)))
                }
                None => Err(refuse("`Cast` to this field is not supported here.")),
            }
        }),
    ));
    out.push((
        "ExpressionWrapper",
        Value::native("ExpressionWrapper", |_, args| {
            let [of, to] = args.bind("ExpressionWrapper", ["expression", "output_field"], 2)?;
            let ty = to.as_ref().and_then(type_of);
            let of = of.unwrap_or(Value::None);
            match &of {
                Value::Object(object)
                    if object.any().is::<Written>() || object.any().is::<super::q::WrittenQ>() =>
                {
                    Ok(value_of(typed(node_of(&of), ty)))
                }
                _ => Err(refuse("`ExpressionWrapper` takes an expression of fields here.")),
            }
        }),
    ));
    out.push((
        "Func",
        Value::native("Func", |_, mut args| {
            let ty = args.take("output_field").as_ref().and_then(type_of);
            let name = args.take("function");
            let Some(name) = name.as_ref().and_then(Value::as_str) else {
                return Err(refuse("`Func` needs `function=` here."));
            };
            if let Some((name, _)) = args.keywords.first() {
                return Err(refuse(format!("`{name}` of `Func` is not supported here.")));
            }
            let of = args.positional.iter().map(path_or_node).gather();
            Ok(value_of(typed(Node::Named(name.into(), of), ty)))
        }),
    ));
    out.push((
        "Window",
        Value::native("Window", |machine, args| {
            let [of, by, order, frame] =
                args.bind("Window", ["expression", "partition_by", "order_by", "frame"], 1)?;
            if frame.is_some_and(|frame| !frame.is_none()) {
                return Err(refuse("`frame` of a `Window` is not supported here."));
            }
            let of = node_of(&of.unwrap_or(Value::None));
            if let Node::Function { name, .. } = &of
                && !OVER.contains(name)
            {
                let message = format!("Expression '{name}' isn't compatible with OVER clauses.");
                return Err(raise("ValueError", message));
            }
            if let Some(Value::Set(_) | Value::Int(_)) = &order {
                let message = "Window.order_by must be either a string reference to a field, an expression, or a list or tuple of them.";
                return Err(raise("ValueError", message));
            }
            let of = Box::new(of);
            let by = several(machine, by)?.iter().map(path_or_node).gather();
            let given = several(machine, order)?;
            let order = given.iter().map(|value| match value {
                Value::Str(name) => {
                    let item = compile::item(name);
                    Node::Ordered(Box::new(item.by), item.descending, "")
                }
                other => node_of(other),
            });
            Ok(value_of(Node::Window(of, by, order.gather())))
        }),
    ));
    out
}

fn several(machine: &mut Machine, value: Option<Value>) -> Outcome<Vec<Value>> {
    match value {
        None | Some(Value::None) => Ok(Vec::new()),
        Some(value @ (Value::List(_) | Value::Tuple(_))) => machine.list_of(&value),
        Some(one) => Ok(vec![one]),
    }
}

/// With the type that `output_field` says.
pub(super) fn typed(node: Node, ty: Option<ColumnType>) -> Node {
    match ty {
        Some(ty) => Node::Typed(Box::new(node), ty),
        None => node,
    }
}

/// A call of a function, from its arguments in SQL.
pub(super) fn call(
    name: &str,
    mut args: Vec<Expr>,
    first: Option<ColumnType>,
) -> (Expr, Option<ColumnType>) {
    let Some((_, sql, gives)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        return (Expr::call(name, args), first);
    };
    let ty = match gives {
        Gives::Text => Some(ColumnType::Text),
        Gives::Whole => Some(ColumnType::Integer),
        Gives::Float => Some(ColumnType::Float),
        Gives::Same => first,
    };
    let number = |number: &str| Expr::Raw(number.to_owned());
    let expr = match *sql {
        // What SQLite has no function for, Django says with others.
        "LEFT" => {
            args.insert(1.min(args.len()), number("1"));
            Expr::call("SUBSTR", args)
        }
        "RIGHT" => {
            let length = args.pop().unwrap_or_else(|| number("0"));
            args.push(Expr::binary("*", length, number("-1")));
            Expr::call("SUBSTR", args)
        }
        "REPLACE" if args.len() == 2 => {
            args.push(Expr::Raw("''".into()));
            Expr::call(sql, args)
        }
        "ROUND" if args.len() == 1 => {
            args.push(number("0"));
            Expr::call(sql, args)
        }
        "CONCAT" => {
            let empty = || Expr::Raw("''".into());
            let mut parts =
                args.into_iter().map(|part| Expr::call("COALESCE", vec![part, empty()]));
            let start = parts.next().unwrap_or_else(empty);
            Expr::Group(Box::new(parts.fold(start, |left, right| Expr::binary("||", left, right))))
        }
        _ => Expr::call(sql, args),
    };
    (expr, ty)
}

/// `CAST(… AS …)`, in SQLite's words.
pub(super) fn cast(of: Expr, ty: &ColumnType) -> Outcome<Expr> {
    let word = match ty {
        ColumnType::Text => "varchar",
        ColumnType::Integer => "integer",
        ColumnType::Float => "real",
        ColumnType::Boolean => "bool",
        ColumnType::Date => return Ok(Expr::call("date", vec![of])),
        _ => return Err(refuse("`Cast` to this field is not supported here.")),
    };
    Ok(Expr::Cast(Box::new(of), word))
}

/// The start of a year, month, week or day.
pub(super) fn start(
    unit: &str,
    of: Expr,
    ty: Option<&ColumnType>,
) -> Outcome<(Expr, Option<ColumnType>)> {
    let quoted = |text: &str| Expr::Raw(format!("'{text}'"));
    let steps: &[&str] = match unit {
        "year" => &["start of year"],
        "month" => &["start of month"],
        "week" => &["-6 days", "weekday 1"],
        _ => &["start of day"],
    };
    let (name, ty) = match ty {
        Some(ColumnType::DateTime) => ("datetime", ColumnType::DateTime),
        Some(ColumnType::Date) => ("date", ColumnType::Date),
        _ => return Err(raise("TypeError", "Cannot truncate what is neither a date nor a time.")),
    };
    let mut args = vec![of];
    if unit == "week" && name == "datetime" {
        args.push(quoted("start of day"));
    }
    args.extend(steps.iter().map(|step| quoted(step)));
    Ok((Expr::call(name, args), Some(ty)))
}

/// A part of a date, where it can be taken.
pub(super) fn part(machine: &mut Machine, part: &str, of: Expr) -> Outcome<Expr> {
    lookup::transform(part, of)
        .ok_or_else(|| super::raise_field_error(machine, &format!("Unsupported lookup '{part}'")))
}

/// The order of a window.
pub(super) fn window_order(by: Expr, descending: Option<bool>, nulls: &'static str) -> Order {
    let direction = match descending {
        None => "",
        Some(true) => "DESC",
        Some(false) => "ASC",
    };
    Order { by, direction, nulls }
}
