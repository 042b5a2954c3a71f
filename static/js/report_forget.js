// On the log-in page: whoever came here by signing out leaves nothing typed behind in this tab. Whoever was sent here from a page
// (the form then carries where to go next) because the session had ended finds it again after logging in; see report_draft.js.
if (!document.querySelector("input[name=next]")) {
  Object.keys(sessionStorage).filter((name) => name.startsWith("alianza.draft:")).forEach((name) => sessionStorage.removeItem(name));
}
