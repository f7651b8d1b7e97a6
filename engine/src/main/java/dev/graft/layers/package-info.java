/**
 * Layers: what networks are made of and what adapters wrap. A layer carries the parameter names of
 * the ecosystem its network comes from, and announces its output to whoever has set a tap.
 */
package dev.graft.layers;
