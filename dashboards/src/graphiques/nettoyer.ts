/**
 * Takes away the `<style>` element that Plot writes in its drawings: a strict content security
 * policy refuses it. Its rules are in styles/trace.css. The drawing is hidden from assistive tools:
 * its sentence and its data table say what it shows.
 */
export function nettoyer(dessin: Element): SVGSVGElement {
  if (!(dessin instanceof SVGSVGElement)) throw new TypeError('Plot drew something else than SVG');
  for (const style of dessin.querySelectorAll('style')) style.remove();
  dessin.setAttribute('aria-hidden', 'true');
  dessin.setAttribute('focusable', 'false');
  return dessin;
}
