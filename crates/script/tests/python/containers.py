a = [3, 1, 2]
a.append(5); a.extend([7, 8]); a.insert(0, 9); a
a.pop(), a.pop(0), a
a.remove(1)
a.remove(100)
a.sort(); a
a.sort(reverse=True); a
a.reverse(); a
a.index(5), a.count(5)
a.index(77)
a[0], a[-1], a[1:3], a[::-1], a[:]
a[10]
a["x"]
a[0] = 100; a
a[1:2] = [1, 2, 3]; a
del a[0]; a
[] == [], [1, 2] == [1, 2], [1, 2] < [1, 3], [1] + [2], [0] * 3
[1] + (2,)
[1] < ["a"]
2 in [1, 2], 5 not in [1, 2]
[].pop()
sorted([3, 1, 2]), sorted(["b", "A"], key=str.lower) if False else sorted(["bb", "a"], key=len), sorted([1, 2, 3], reverse=True)
sorted([1, "a"])
list(reversed([1, 2, 3])), list(range(5)), list(range(1, 10, 3)), list(range(5, 0, -2)), range(3), len(range(0, 10, 3))
t = (1, 2, 3)
t[0], t[-1], t[1:], t + (4,), t * 2, len(t), t.index(2), t.count(3)
t[0] = 5
(1,), (), 1, (1, (2, 3))
x, y = 1, 2
x, y = y, x
x, y
first, *rest = [1, 2, 3]
first, rest
*init, last = "abc"
init, last
p, q = 1, 2, 3
p, q = [1]
p, *q, r = [1]
(a1, b1), c1 = (1, 2), 3
a1, b1, c1
m, n = 5
d = {"a": 1, "b": 2}
d["a"], d.get("z"), d.get("z", 0), "a" in d, len(d)
d["z"]
d["c"] = 3; d
d.update({"a": 10}, e=5); d
d.pop("a"), d.pop("zz", None), d
d.pop("zz")
list(d.keys()), list(d.values()), list(d.items())
list(d), sorted(d)
d.setdefault("q", []).append(1); d
del d["q"]; d
del d["nope"]
{**{"a": 1}, "b": 2}, {"a": 1} | {"b": 2}, dict(a=1, b=2), dict([("x", 1)]), dict.fromkeys(["a", "b"], 0)
{"a": 1} == {"a": 1}, {"a": 1, "b": 2} == {"b": 2, "a": 1}
{1: "a", 1.0: "b", True: "c"}
{[1]: 2}
for k, v in {"x": 1, "y": 2}.items(): print(k, v)
s = {1, 2}
s.add(3); s
s.discard(9); s.remove(1); s
s.remove(77)
{1, 2} | {3}, {1, 2} & {2}, {1, 2} - {2}, {1, 2} ^ {2, 3}, {1} <= {1, 2}, {1, 2} == {2, 1}
set(), {1} , frozenset([1]), set([1, 1])
{1, 2}.issubset([1, 2, 3]), {1}.union([2]), {1, 2}.intersection([2]), {1}.isdisjoint([2])
{[]}
[x * 2 for x in range(3)], [x for x in range(10) if x % 2 if x > 3], [(x, y) for x in range(2) for y in "ab"]
{x: x * x for x in range(3)}, {x % 2 for x in range(4)}
sum(x for x in range(4)), list(x for x in "ab"), any(x > 2 for x in [1, 2, 3]), all(x > 0 for x in [])
next(x for x in [1, 2] if x > 1), next(iter([]), "none")
next(iter([]))
list(zip([1, 2], "ab")), list(enumerate("ab")), list(enumerate("ab", 1)), dict(zip("ab", [1, 2]))
list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"]))
[y := 5, y + 1]
nested = {"l": [1, {"k": (2, 3)}]}
nested["l"][1]["k"][0]
nested
l = []
l.append(l)
l
isinstance([], list), isinstance(True, int), isinstance("x", (int, str)), type(1), type("x"), type([]) is list, type(None)
isinstance(1, 2)
[1, 2, 3].copy(), {"a": 1}.copy(), [[1]] * 2
print(*[1, 2], sep=",")
print(*"ab", **{"sep": "-"})
len({}), len([1]), bool({})
slice(1, 2), [1, 2, 3][slice(0, 2)]
letters = {"a": 1, "b": 2}
letters.keys()
letters.values(), letters.items()
view = letters.keys()
letters["c"] = 3; view
letters.keys() & {"a", "z"} == {"a"}
letters.keys() == {"a", "b", "c"}
letters.items() == {"a": 1, "b": 2, "c": 3}.items()
"a" in letters.keys(), 9 in letters.values(), ("b", 2) in letters.items()
len(letters.values()), bool({}.keys())
letters.keys()[0]
sorted(letters.items(), key=lambda pair: -pair[1])
for letter, number in letters.items(): print(letter, number)
list(letters.keys()), tuple(letters.values()), dict(letters.items())
