#!/usr/bin/env python3
"""Writes what CPython says to the statements of python/*.py beside them, as *.txt. Run by hand.

Every statement at the left margin is run by itself: what it prints, `= repr` of an expression's value unless that is
None, `! Class: message` of an exception. The run goes on after exceptions.
"""
import ast, contextlib, io, pathlib

for path in sorted(pathlib.Path(__file__).parent.glob("python/*.py")):
    source = path.read_text()
    names = {"__name__": "__main__"}
    out = []
    for node in ast.parse(source).body:
        printed = io.StringIO()
        value = None
        ended = ""
        with contextlib.redirect_stdout(printed):
            try:
                if isinstance(node, ast.Expr):
                    value = eval(compile(ast.Expression(node.value), "<script>", "eval"), names)
                    value = None if value is None else repr(value)
                else:
                    exec(compile(ast.Module([node], []), "<script>", "exec"), names)
            except Exception as error:
                ended = f"! {type(error).__name__}: {error}\n"
        decorators = getattr(node, "decorator_list", [])
        head = f"@{ast.get_source_segment(source, decorators[0])}" if decorators else ast.get_source_segment(source, node)
        out.append(f"# {head.splitlines()[0]}\n")
        out.append(printed.getvalue())
        if value is not None:
            out.append(f"= {value}\n")
        out.append(ended)
    path.with_suffix(".txt").write_text("".join(out))
