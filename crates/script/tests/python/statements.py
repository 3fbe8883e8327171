if 1 > 2:
    print("a")
elif 2 > 1:
    print("b")
else:
    print("c")
for i in range(3):
    if i == 1:
        continue
    print(i)
else:
    print("done")
for i in range(3):
    break
else:
    print("never")
n = 0
while n < 3:
    n += 1
else:
    print("end", n)
while True:
    n += 1
    if n > 5:
        break
n
def add(a, b=2, *args, c=3, **kw):
    """Adds."""
    return a, b, args, c, kw
add(1), add(1, 5), add(1, 2, 3, 4), add(1, c=9), add(1, z=1), add(*[1, 2], **{"c": 0}), add(b=1, a=0)
add()
add(1, a=2)
def two(a, b): return a + b
two(1)
two()
two(1, 2, 3)
two(1, c=3)
two(1, 2, c=3)
def kwonly(*, a, b=1): return a + b
kwonly(a=1), kwonly(a=1, b=5)
kwonly()
kwonly(1)
def default(a, b=1): return a
default(1, 2, 3)
def none(): pass
none()
print(none())
square = lambda x: x * x
square(4), (lambda *a: a)(1, 2), (lambda: 7)()
def outer():
    count = 0
    def inner():
        nonlocal count
        count += 1
        return count
    inner()
    return inner()
outer()
g = 1
def change():
    global g
    g = 2
change()
g
def unbound():
    print(local)
    local = 1
unbound()
def fact(n): return 1 if n < 2 else n * fact(n - 1)
fact(10)
def forever(): return forever()
try:
    1 / 0
except ZeroDivisionError as e:
    print("caught", e, type(e).__name__)
else:
    print("no")
finally:
    print("finally")
try:
    print("fine")
except Exception:
    print("no")
else:
    print("else")
finally:
    print("finally")
e
try:
    {}["k"]
except (KeyError, IndexError) as error:
    print(repr(error), str(error), error.args)
try:
    raise ValueError("bad", 1)
except ValueError as error:
    print(error, error.args)
raise ValueError("x")
raise ValueError
raise KeyError("k")
raise 5
try:
    try:
        raise KeyError("a")
    except KeyError:
        raise
except LookupError as error:
    print("outer", repr(error))
def finish():
    try:
        return "try"
    finally:
        print("cleanup")
finish()
try:
    undefined_name
except NameError as error:
    print(error)
assert 1 == 1
assert 1 == 2
assert 1 == 2, "message"
assert [], f"got {1}"
del n
n
x = y = 3
x, y
z: int = 5
z
pass
...
def deco(f):
    def wrapper(*a):
        return "wrapped " + f(*a)
    return wrapper
@deco
def hello(name): return "hi " + name
hello("x")
import asyncio
async def co(x):
    return x * 2
asyncio.run(co(4))
async def main():
    a = await co(1)
    b, c = await asyncio.gather(co(2), co(3))
    return [a, b, c, [await co(i) for i in range(2)]]
asyncio.run(main())
[f() for f in [lambda i=i: i for i in range(3)]]
[f() for f in [lambda: i for i in range(3)]]
def gen(): return (i * 2 for i in range(3))
list(gen()), sum(gen())
it = (i for i in [1, 2])
list(it), list(it)
type(ValueError("x")), isinstance(KeyError(), LookupError), issubclass(bool, int)
str(ValueError()), str(ValueError("a")), repr(ValueError("a", 2)), str(KeyError("k"))
hasattr("x", "upper"), getattr("x", "nope", 1), getattr([1, 2], "count")(1)
getattr("x", "nope")
callable(len), callable(5)
None is None, [] is [], None == 0
"yes" if None else "no"
(1 if True else 2, not None, None or "x", 0 and 1, 1 and 2)
print(not 1, 1 != 2, 1 <= 1)
[1, 2][0](3)
None.x
None()
for a, b in [1, 2]: pass
for a, b in [(1, 2, 3)]: pass
not_defined.foo
int.foo
import math
math.sqrt(16), math.floor(2.7), math.ceil(2.1), math.pi
math.foo
