// Keeps what is typed into form[data-draft] until it is saved, so that a log-out or a closed connection loses nothing: in this tab's
// session storage, under the name of the task and the person. Protected counts (data-protected) are never kept. It is wiped when
// the server says that the task was saved (?saved=task, or all), when the person signs out, and for another person.
const PREFIX = "alianza.draft:";

const names = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
const forget = (test) => names().filter(test).forEach((name) => sessionStorage.removeItem(name));

const isProtected = (one) => "protected" in one.dataset;
const isTypedIn = (one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON";

/** The controls whose contents may be kept. */
function controls(form) {
  return [...form.elements].filter((one) => isTypedIn(one) && !isProtected(one));
}

const isChoice = (one) => one.type === "radio" || one.type === "checkbox";
const isChanged = (one) => (isChoice(one) ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);

function keep(form) {
  const typed = {};
  for (const one of controls(form)) {
    if (!isChanged(one) || (isChoice(one) && !one.checked)) continue;
    typed[one.name] = one.value;
  }
  const name = PREFIX + form.dataset.draft;
  const isWhole = ![...form.elements].some((one) => isProtected(one) && isChanged(one));
  if (Object.keys(typed).length) sessionStorage.setItem(name, JSON.stringify({ person: form.dataset.person, typed, isWhole }));
  else sessionStorage.removeItem(name);
}

/** Puts back what was kept; true when that changed anything. */
function restore(form) {
  const kept = JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.draft) ?? "null");
  if (!kept) return false;
  let isDifferent = false;
  for (const one of controls(form)) {
    if (!(one.name in kept.typed)) continue;
    if (isChoice(one)) one.checked = one.value === kept.typed[one.name];
    else one.value = kept.typed[one.name];
    isDifferent ||= isChanged(one);
  }
  return isDifferent;
}

const report = location.pathname.split("/reports/")[1]?.split("/")[0];
const saved = new URLSearchParams(location.search).get("saved");
if (report && saved) forget((name) => name === `${PREFIX}${report}/${saved}` || (saved === "all" && name.startsWith(`${PREFIX}${report}/`)));

const form = document.querySelector("form[data-draft]");
if (form) {
  forget((name) => JSON.parse(sessionStorage.getItem(name)).person !== form.dataset.person);
  if (restore(form)) {
    document.querySelector("[data-restored]").hidden = false;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.addEventListener("input", () => keep(form));
}
// Where the log-in had ended before a save: when this tab kept all that was typed, one logs in here and finds it again.
const givenBack = document.querySelector("[data-given-back]");
const sent = location.pathname.split("/").filter(Boolean).at(-1);
if (givenBack && JSON.parse(sessionStorage.getItem(`${PREFIX}${report}/${sent}`) ?? "{}").isWhole) {
  document.querySelector("[data-copy]").hidden = true;
  document.querySelector("[data-kept]").hidden = false;
}
for (const out of document.querySelectorAll('form[action$="/logout/"]')) out.addEventListener("submit", () => forget(() => true));
