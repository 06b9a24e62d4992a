/**
 * Takes away the `<style>` element that Plot writes in its drawings: a strict content security
 * policy refuses it. Its rules are in styles/trace.css, and so is what Plot writes in an attribute
 * that SVG does not know. Without a name (see nommer), the drawing is hidden from assistive tools.
 */
export function nettoyer(dessin: Element): SVGSVGElement {
  if (!(dessin instanceof SVGSVGElement)) throw new TypeError('Plot drew something else than SVG');
  for (const style of dessin.querySelectorAll('style')) style.remove();
  for (const groupe of dessin.querySelectorAll('[font-variant]')) {
    groupe.removeAttribute('font-variant');
  }
  dessin.setAttribute('aria-hidden', 'true');
  dessin.setAttribute('focusable', 'false');
  return dessin;
}
