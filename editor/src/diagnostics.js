// What is wrong: wavy lines, bars beside the line numbers, and a card on hover.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter, hoverTooltip } from "@codemirror/view";

import { card } from "./card.js";

/// A list of {message_index, problem, from, to, severity, title, message, ids, fixes}.
export const setDiagnostics = StateEffect.define();

const underline = {
  error: Decoration.mark({ class: "squiggle" }),
  warning: Decoration.mark({ class: "squiggle squiggle-warning" }),
  info: Decoration.mark({ class: "squiggle squiggle-info" }),
};

class Bar extends GutterMarker {
  constructor(severity) {
    super();
    this.severity = severity;
    this.elementClass = `is-${severity}`;
  }
  eq(other) {
    return other.severity === this.severity;
  }
}

const bars = { error: new Bar("error"), warning: new Bar("warning"), info: new Bar("info") };
const order = ["error", "warning", "info"];

const none = { list: [], marks: Decoration.none, bars: RangeSet.empty };

function place(list, doc) {
  const marks = [];
  const lines = new Map();
  for (const item of list) {
    const from = Math.min(item.from, doc.length);
    const to = Math.min(Math.max(item.to, from), doc.length);
    const line = doc.lineAt(from);
    if (to > from) marks.push(underline[item.severity].range(from, to));
    const worst = lines.get(line.from);
    if (!worst || order.indexOf(item.severity) < order.indexOf(worst)) lines.set(line.from, item.severity);
  }
  return {
    list,
    marks: Decoration.set(marks, true),
    bars: RangeSet.of([...lines].map(([from, severity]) => bars[severity].range(from)), true),
  };
}

const field = StateField.define({
  create: () => none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setDiagnostics)) return place(effect.value, transaction.state.doc);
    if (!transaction.docChanged) return value;
    const { changes } = transaction;
    const list = value.list.map((item) => ({ ...item, from: changes.mapPos(item.from, 1), to: changes.mapPos(item.to, -1) }));
    return { list, marks: value.marks.map(changes), bars: value.bars.map(changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.marks),
});

const hover = (onFix) =>
  hoverTooltip(
    (view, at) => {
      const found = view.state.field(field).list.filter((item) => item.from <= at && at <= item.to);
      if (!found.length) return null;
      const pos = Math.min(...found.map((item) => item.from));
      const end = Math.max(...found.map((item) => item.to));
      return { pos, end, above: false, create: (view) => ({ dom: card(found, view, onFix), offset: { x: -8, y: 4 } }) };
    },
    { hoverTime: 250 },
  );

export const diagnostics = (onFix) => [
  field,
  gutter({ class: "cm-marks", markers: (view) => view.state.field(field).bars }),
  hover(onFix),
];
