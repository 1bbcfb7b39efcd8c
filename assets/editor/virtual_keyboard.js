// @ts-check
/* The tools at the foot of a phone's screen stay above its keyboard. Most browsers make the page smaller by
   themselves (interactive-widget in the page's head); where one lays the keyboard over the page, the height
   of it is told to the style sheet. */
export function wireKeyboard() {
  const screen = window.visualViewport;
  if (!screen) return;
  const tell = () => {
    const covered = Math.max(0, window.innerHeight - screen.height - screen.offsetTop);
    document.documentElement.style.setProperty("--keyboard", `${Math.round(covered)}px`);
  };
  screen.addEventListener("resize", tell);
  screen.addEventListener("scroll", tell);
}
