// <query-editor language="sql|python">: a small CodeMirror for one script.
//
// The page sets text, names and the place of an error; the element answers with events: edit {text}, run {from, to}, and in Python elsewhere {from, to},
// offer {id, offset} and explain {id, offset}, which the page answers by `offer` and `explain`.
// It keeps its own history, as what is queried is no part of the models. Offsets are UTF-16.

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { SQLDialect, keywordCompletionSource, schemaCompletionSource } from "@codemirror/lang-sql";
import { pythonLanguage } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { Annotation, Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, hoverTooltip, keymap, placeholder, tooltips } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { element, sentence } from "./card.js";
import { highlighting as python, theme } from "./theme.js";
import { typingOver } from "./typing.js";

const fromPage = Annotation.define();

/// What the engine understands; a word that is none of its own is not coloured as if it were.
const dialect = SQLDialect.define({
  keywords:
    "add all alter and as asc begin between by cascade case cast check column commit constraint create cross default delete desc distinct drop else end " +
    "except exists false foreign from full group having if in index inner insert intersect into is join key left like limit not null nulls offset on or " +
    "order outer over partition primary recursive references restrict returning right rollback savepoint select set table then to true union unique update " +
    "using values when where with",
  types: "bigint blob boolean date decimal double integer json numeric precision real text time timestamp uuid varchar",
  doubleQuotedStrings: false,
  identifierQuotes: '"',
});

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.typeName], color: "var(--syn-keyword)" },
  { tag: tags.string, color: "var(--syn-string)" },
  // A name in quotes.
  { tag: tags.special(tags.string), color: "var(--text)" },
  { tag: tags.number, color: "var(--syn-number)" },
  { tag: tags.comment, color: "var(--syn-comment)" },
]);

const look = EditorView.theme({
  "&": { height: "100%" },
  ".cm-scroller": { font: "var(--c-12)", lineHeight: "18px" },
  ".cm-content": { padding: "8px 0" },
  ".cm-line": { padding: "0 12px" },
  ".cm-placeholder": { color: "var(--text-subtle)" },
  ".cm-tooltip.cm-tooltip-autocomplete": { border: "1px solid var(--border)", borderRadius: "var(--r-node)", backgroundColor: "var(--float)", boxShadow: "var(--shadow-float)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "192px", minWidth: "160px", padding: "4px", font: "var(--c-12)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", borderRadius: "var(--r-control)", color: "var(--text-muted)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionMatchedText": { color: "var(--accent)", textDecoration: "none" },
  ".cm-tooltip": { border: "0", backgroundColor: "transparent" },
  ".cm-explained": { display: "grid", gap: "4px", maxWidth: "360px", padding: "8px 12px", border: "1px solid var(--border)", borderRadius: "var(--r-node)", backgroundColor: "var(--float)", boxShadow: "var(--shadow-float)", color: "var(--text)", font: "var(--t-12)" },
  ".cm-explained p": { margin: "0" },
  ".cm-explained .name": { font: "var(--c-12)" },
  ".cm-completionDetail": { color: "var(--text-subtle)", fontStyle: "normal" },
});

const setError = StateEffect.define();

/// The place of the last error, until the text changes.
const error = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setError)) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/// How long an answer of the page is waited for, in milliseconds: it may be running something.
const PATIENCE = 1500;

/// The statement around a place, of those that stand at the margin; null between them.
function statementAt(state, offset) {
  let node = syntaxTree(state).resolve(offset, -1);
  if (!node.parent) node = syntaxTree(state).resolve(offset, 1);
  while (node.parent?.parent) node = node.parent;
  return node.parent ? { from: node.from, to: node.to } : null;
}

class QueryEditor extends HTMLElement {
  #view;
  #names = new Compartment();
  #asked = new Map();
  #lastAsked = 0;

  /// Asks the page something about a place, and waits for its answer.
  #ask(name, detail) {
    const id = ++this.#lastAsked;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      setTimeout(() => this.#asked.delete(id) && resolve(null), PATIENCE);
      this.dispatchEvent(new CustomEvent(name, { detail: { id, text: this.value, ...detail } }));
    });
  }

  /// The page's answer.
  answer(id, found) {
    const resolve = this.#asked.get(id);
    this.#asked.delete(id);
    resolve?.(found);
  }

  #extensions() {
    if (this.getAttribute("language") !== "python") return [dialect.language, this.#names.of([]), autocompletion({ icons: false }), syntaxHighlighting(highlighting), placeholder("SELECT …")];
    const offered = async (context) => {
      const word = context.matchBefore(/\w*/);
      const before = context.state.sliceDoc(Math.max(0, (word?.from ?? context.pos) - 1), word?.from ?? context.pos);
      if (!context.explicit && word?.from === word?.to && before !== ".") return null;
      const found = await this.#ask("offer", { offset: context.pos });
      if (!found?.items.length || context.aborted) return null;
      return { from: found.from, options: found.items, validFor: /^\w*$/ };
    };
    const explained = async (view, offset) => {
      const found = await this.#ask("explain", { offset });
      if (!found?.text) return null;
      const create = () => {
        const dom = element("div", "cm-explained");
        dom.append(...found.text.split("\n").map((line) => element("p", "", sentence(line))));
        return { dom };
      };
      return { pos: found.from, end: found.to, above: true, create };
    };
    const tell = (name, part) => (part && this.dispatchEvent(new CustomEvent(name, { detail: part })), true);
    const run = ({ state }) => {
      const { from, to, empty } = state.selection.main;
      return tell("run", empty ? statementAt(state, from) : { from, to });
    };
    const elsewhere = ({ state }) => tell("elsewhere", statementAt(state, state.selection.main.head));
    return [
      pythonLanguage,
      pythonLanguage.data.of({ closeBrackets: { brackets: ["(", "[", "{", "'", '"'] } }),
      indentOnInput(),
      indentUnit.of("    "),
      autocompletion({ icons: false, override: [offered] }),
      hoverTooltip(explained),
      syntaxHighlighting(python),
      placeholder(this.getAttribute("hint") ?? ""),
      Prec.highest(keymap.of([{ key: "Shift-Enter", run }, { key: "Alt-Enter", run: elsewhere }])),
      keymap.of([indentWithTab]),
    ];
  }

  connectedCallback() {
    if (this.#view) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: "",
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: (view) => (closeCompletion(view), tell("run", {}), true) }])),
          history(),
          error,
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          this.#extensions(),
          look,
          theme,
          // Fixed, so that what is offered is not cut off at the pane's edge.
          tooltips({ position: "fixed" }),
          typingOver,
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ "aria-label": this.getAttribute("label") ?? "SQL", spellcheck: "false", autocapitalize: "off", tabindex: "0", ...(this.getAttribute("language") === "python" && { "aria-description": "Tab indents. Escape and then Tab leaves the editor. Shift and Enter run the statement at the caret, Alt and Enter show it in the other ORMs." }) }),
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.some((transaction) => transaction.annotation(fromPage));
            if (update.docChanged && !ours) tell("edit", { text: this.value });
          }),
        ],
      }),
    });
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = undefined;
  }

  get value() {
    return this.#view?.state.doc.toString() ?? "";
  }

  /// Shows a text that the page has changed.
  setText(text) {
    if (this.value === text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, annotations: fromPage.of(true) });
  }

  /// Offers these tables, each a list of its columns' names.
  setNames(tables) {
    const config = { dialect, schema: tables };
    const sources = [schemaCompletionSource(config), keywordCompletionSource(dialect, true)];
    const offer = sources.map((autocomplete) => dialect.language.data.of({ autocomplete }));
    this.#view.dispatch({ effects: this.#names.reconfigure(offer) });
  }

  /// Underlines the place of an error; none where `from` is negative.
  setError(from, to, kind) {
    const length = this.#view.state.doc.length;
    let marks = Decoration.none;
    if (from >= 0 && length > 0) {
      // An error at the very end still shows at the last character.
      const start = Math.min(from, length - 1);
      const end = Math.max(Math.min(to, length), start + 1);
      marks = Decoration.set([Decoration.mark({ class: kind }).range(start, end)]);
    }
    this.#view.dispatch({ effects: setError.of(marks) });
  }

  /// Puts the caret at an offset, and the focus into the editor; selects what lies between the two, if there are two.
  goTo(offset, from = offset) {
    const { length } = this.#view.state.doc;
    const [anchor, head] = [Math.min(from, length), Math.min(offset, length)];
    this.#view.dispatch({ selection: { anchor, head }, scrollIntoView: true });
    this.#view.focus();
  }
}

customElements.define("query-editor", QueryEditor);
