// <source-editor>: CodeMirror in a shadow root, where its styles are adopted sheets and need no inline style.
//
// The page sets text, diagnostics and what is chosen; the element answers with events:
//   edit {text}, caret {offset, line, column, byUser}, fix {message, fix}, paste {text}, undo, redo.
// It keeps no history of its own: undo and redo are the page's, which covers drawing as well. Offsets are UTF-16.

import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips } from "@codemirror/view";

import { diagnostics, setDiagnostics } from "./diagnostics.js";
import { chosen, setChosen } from "./chosen.js";
import { highlighting, theme } from "./theme.js";
import { typingOver } from "./typing.js";
import "./query.js";

const fromPage = Annotation.define();

/// The one range in which two texts differ.
function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { from: start, to: before.length - tail, insert: after.slice(start, after.length - tail) };
}

class SourceEditor extends HTMLElement {
  #view;

  connectedCallback() {
    if (this.#view) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    const say = (name) => () => (tell(name), true);
    const history = Prec.highest([
      keymap.of([
        { key: "Mod-z", run: say("undo"), preventDefault: true },
        { key: "Mod-y", run: say("redo"), preventDefault: true },
        { key: "Mod-Shift-z", run: say("redo"), preventDefault: true },
      ]),
      EditorView.domEventHandlers({
        beforeinput(event) {
          const name = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
          if (!name) return false;
          event.preventDefault();
          tell(name);
          return true;
        },
      }),
    ]);
    // A text in the place of the whole one is the page's to judge: it repairs it, and says so.
    const whole = EditorView.domEventHandlers({
      paste(event, view) {
        const { from, to } = view.state.selection.main;
        const rest = view.state.sliceDoc(0, from) + view.state.sliceDoc(to);
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (rest.trim() || !text.trim()) return false;
        event.preventDefault();
        tell("paste", { text });
        return true;
      },
    });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: "",
        extensions: [
          history,
          whole,
          lineNumbers(),
          codeFolding({ placeholderText: "…" }),
          foldGutter({ openText: "⌄", closedText: "›" }),
          diagnostics((message, fix) => tell("fix", { message, fix })),
          chosen,
          highlightActiveLine(),
          highlightActiveLineGutter(),
          drawSelection(),
          dropCursor(),
          indentOnInput(),
          indentUnit.of("    "),
          EditorState.tabSize.of(4),
          EditorState.allowMultipleSelections.of(true),
          bracketMatching(),
          highlightSelectionMatches({ minSelectionLength: 2 }),
          search({ top: true }),
          pythonLanguage,
          syntaxHighlighting(highlighting),
          theme,
          typingOver,
          // In the page and not in the shadow root, so that cards look like all cards and are not cut off.
          tooltips({ parent: document.body, position: "fixed" }),
          keymap.of([indentWithTab, ...searchKeymap, ...foldKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({
            "aria-label": this.getAttribute("label") ?? "Source",
            "aria-description": "Tab indents. Escape and then Tab leaves the editor.",
            spellcheck: "false",
            tabindex: "0",
          }),
          EditorView.updateListener.of((update) => {
            const ours = update.transactions.some((transaction) => transaction.annotation(fromPage));
            if (update.docChanged && !ours) tell("edit", { text: update.state.doc.toString() });
            if (update.docChanged || update.selectionSet) {
              const offset = update.state.selection.main.head;
              const line = update.state.doc.lineAt(offset);
              // Columns count characters, as Python's messages do.
              const column = [...line.text.slice(0, offset - line.from)].length + 1;
              tell("caret", { offset, line: line.number, column, byUser: !ours && update.selectionSet && !update.docChanged });
            }
          }),
        ],
      }),
    });
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = undefined;
  }

  /// Shows a text that the page has changed. What stays the same keeps its place; the caret goes to what is new.
  setText(text) {
    const before = this.#view.state.doc.toString();
    if (before === text) return;
    const changes = difference(before, text);
    // A text that is mostly new is another text: its beginning is what there is to see.
    const another = changes.insert.length > text.length / 2 && changes.to - changes.from >= before.length / 2;
    const end = another ? 0 : changes.from + changes.insert.length;
    this.#view.dispatch({
      changes,
      selection: { anchor: end },
      annotations: fromPage.of(true),
      effects: EditorView.scrollIntoView(end, { y: "nearest", yMargin: 40 }),
    });
  }

  /// Shows what is wrong: [{message_index, problem, from, to, severity, title, message, ids, fixes}].
  setDiagnostics(list) {
    this.#view.dispatch({ effects: setDiagnostics.of(list) });
  }

  /// Marks the lines of what is chosen, and brings them into view.
  setChosen(from, to, reveal) {
    const length = this.#view.state.doc.length;
    const range = from < 0 ? null : { from: Math.min(from, length), to: Math.min(to, length) };
    const effects = [setChosen.of(range)];
    if (range && reveal) effects.push(EditorView.scrollIntoView(range.from, { y: "center", yMargin: 60 }));
    this.#view.dispatch({ effects });
  }

  /// Puts the caret at an offset, and the focus into the editor; selects what lies between the two, if there are two.
  goTo(offset, from = offset) {
    const { length } = this.#view.state.doc;
    const [anchor, head] = [Math.min(from, length), Math.min(offset, length)];
    this.#view.dispatch({ selection: { anchor, head }, annotations: fromPage.of(true), effects: EditorView.scrollIntoView(head, { y: "center" }) });
    this.#view.focus();
  }
}

customElements.define("source-editor", SourceEditor);
