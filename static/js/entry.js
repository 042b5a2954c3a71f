// The form of one activity: Ctrl + Enter saves from any field and from a question or conflict above the form, and a field that belongs to one choice shows only with it.
// Without this script the page works the same: every field shows, and the button saves.
const form = document.getElementById("act");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.closest("a, button, header")) return;
  event.preventDefault();
  form.requestSubmit(document.querySelector("[data-save]"));
});
document.querySelectorAll("[data-script-only]").forEach((element) => { element.hidden = false; });

for (const part of form.querySelectorAll("[data-shown-by]")) {
  const choices = form.querySelectorAll(`[name="${part.dataset.shownBy}"]`);
  const update = () => { part.hidden = ![...choices].some((choice) => choice.checked && choice.value === part.dataset.shownFor); };
  choices.forEach((choice) => choice.addEventListener("change", update));
  update();
}
