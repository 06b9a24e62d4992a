// The rows of a long table that are in sight, and a few around: the others are room only.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';

/** Height in pixels that a row is taken to have until it is measured. */
const HAUTEUR = 58;
const AUTOUR = 12;

export class Defilement {
  visibles = $state.raw<VirtualItem[]>([]);
  total = $state(0);
  #zone: HTMLElement | null = null;
  readonly #moteur = new Virtualizer<HTMLElement, HTMLTableRowElement>(this.#options(0));

  #options(count: number) {
    return {
      count,
      getScrollElement: () => this.#zone,
      estimateSize: () => HAUTEUR,
      overscan: AUTOUR,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => {
        this.#relever();
      },
    };
  }

  #relever(): void {
    this.visibles = this.#moteur.getVirtualItems();
    this.total = this.#moteur.getTotalSize();
  }

  /** Follows the element that scrolls, until it goes. */
  suivre(zone: HTMLElement): () => void {
    this.#zone = zone;
    const finir = this.#moteur._didMount();
    this.#moteur._willUpdate();
    this.#relever();
    return finir;
  }

  /** Says how many rows there are. */
  compter(lignes: number): void {
    this.#moteur.setOptions(this.#options(lignes));
    this.#moteur._willUpdate();
    this.#relever();
  }

  mesurer(ligne: HTMLTableRowElement): void {
    this.#moteur.measureElement(ligne);
  }

  /** Room before the first row in sight, and after the last. */
  get marges(): { avant: number; apres: number } {
    const avant = this.visibles[0]?.start ?? 0;
    return { avant, apres: Math.max(0, this.total - (this.visibles.at(-1)?.end ?? 0)) };
  }
}
