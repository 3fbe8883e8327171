"it's", 'say "hi"', "both ' and \"", "tab\t nl\n back\\slash", "é ü", "\x00\x1f"
"abc" "def"
"Hello".lower(), "Hello".upper(), "hello world".title(), "hELLO".capitalize(), "Ab".swapcase()
"  x ".strip(), "xxaxx".strip("x"), "xxa".lstrip("x"), "axx".rstrip("x")
"a,b,,c".split(","), "a b  c".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(",")
"-".join(["a", "b"]), "".join("xyz")
"-".join(["a", 1])
"hello".replace("l", "L"), "hello".replace("l", "L", 1)
"hello".startswith("he"), "hello".endswith(("lo", "x")), "hello".find("l"), "hello".find("z"), "hello".rfind("l"), "hello".index("l")
"hello".index("z")
"hello".count("l"), "abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "AB".isupper(), "ab".islower()
"ab".center(7, "*"), "ab".ljust(5) + "|", "ab".rjust(5), "7".zfill(3), "-7".zfill(4)
"k=v=w".partition("="), "k=v=w".rpartition("="), "x".partition("=")
"prefix_x".removeprefix("prefix_"), "x.py".removesuffix(".py")
"ab" * 3, 2 * "xy", "ab" * -1
"hello"[0], "hello"[-1], "hello"[1:3], "hello"[::-1], "hello"[::2], "hello"[10:]
"hello"[10]
"hello"["a"]
"ell" in "hello", "z" not in "hello"
1 in "hello"
"a" < "b", "a" == "a", "Z" < "a"
len("héllo")
"a\nb\n".splitlines()
"x".foo
"x".foo()
list("abc"), tuple("ab"), sorted("cab"), set("a")
name, n = "Ann", 3
f"{name} has {n} items"
f"{name!r} {n=} {n + 1} {n:>5} {n:05d} {3.14159:.2f} {1234567:,} {0.256:.1%} {name:<6}|{name:^7}|{name:>6}"
f"{'nested ' + name} {n if n > 2 else 'few'} {{braces}}"
f"{name:{n + 5}}|"
"{} and {}".format(1, "two"), "{0} {1} {0}".format("a", "b"), "{x:.1f} {y!r}".format(x=2.55, y="q"), "{0[1]} {1.real}".format([1, 2], 5)
"{} {}".format(1)
"{x}".format(y=1)
"%s is %d years and %.2f" % ("Bob", 30, 1.5), "%5d|%-5s|%05.1f" % (42, "ab", 2.345), "100%%" % (), "%(a)s" % {"a": 1}, "%r" % "x", "%x" % 255
"%s %s" % (1,)
"%s" % (1, 2)
"%d" % "a"
str(1.0), str(None), str([1, "a"]), repr("a"), str(b"ab")
"abc".encode(), b"abc".decode()
f"{10:x} {10:b} {255:#x} {1e10:g} {0.00001:g} {123456789.0:e} {5:+d} {-5: d}"
f"{'x':*^5}" f"{True} {None}"
format(3.5, ".2f"), format("a", ">3"), format(12345.678, ",.1f")
f"{'a':d}"
f"{3:s}"
"a" if [] else "b"
print("a", 1, None, sep="-", end="!\n")
print()
print([1, "x"], ("y",), {"k": 1})
ord("a"), chr(98)
"abc" == "abc" and "x" or "y"
"A-b_c".lower().replace("-", " ").split("_")
