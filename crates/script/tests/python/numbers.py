1 + 2 * 3 - 4
7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3
7 / 2
2 ** 10, 2 ** -1
1.5 + 1, 0.1 + 0.2
1e16, 1e15, 1e-5, 0.0001, 123456789.123456789
10 / 0
1 // 0
1 % 0
1.0 / 0
True + True, True & False, True | False, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 3, 16 >> 2
-5, +5, not 5
abs(-3), abs(2.5), round(2.5), round(3.5), round(2.675, 2), round(1234.567, 1)
divmod(7, 2), divmod(-7, 2), pow(2, 3)
int("42"), int(" 7 "), int(3.9), int(-3.9), int("ff", 16), int(True)
int("x")
int(None)
float("1.5"), float(3), float("inf"), float("nan")
float("x")
bool(0), bool(""), bool([]), bool("x"), bool(0.0)
1 < 2 < 3, 1 < 2 > 3, 1 == 1.0, 1 is not None
1 < "a"
"a" + 1
1 + "a"
None + 1
-"a"
max(1, 5, 3), min([4, 2, 8]), max("b", "a"), sum([1, 2, 3]), sum([0.5, 1])
max([])
max([], default=0)
min(["bb", "a", "ccc"], key=len)
sum(["a"])
(3).bit_length(), (2.0).is_integer(), (2.5).is_integer()
1_000_000
x = 5
x += 2
x -= 1
x *= 3
x
x //= 4
x
x **= 2
x
x %= 7
x
y
len(5)
5()
5[0]
for i in 5: pass
from decimal import Decimal, ROUND_HALF_UP
Decimal("1.10") + Decimal("2.20")
Decimal("10") / Decimal("4"), Decimal("3") * 2, Decimal("1.50") == Decimal("1.5")
Decimal("2.675").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
str(Decimal("19.90")), repr(Decimal("19.90"))
Decimal("x")
Decimal("1") + 1.5
sum([Decimal("1.5"), Decimal("2.5")])
hash(1) == hash(1.0) == hash(True)
