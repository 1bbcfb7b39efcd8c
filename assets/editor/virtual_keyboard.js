// @ts-check
/* Keeps the toolbar at the bottom of a phone's screen above the virtual keyboard. Most browsers resize the
   page themselves (interactive-widget in its head); where the keyboard overlays the page, its height is
   passed to the style sheet. */
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
