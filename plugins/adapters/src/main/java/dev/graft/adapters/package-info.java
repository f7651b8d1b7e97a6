/**
 * Adapters: small additions that train while the network below them stays frozen. An {@link
 * dev.graft.adapters.Adapter} sits on one layer, an {@link dev.graft.adapters.AdapterKind} makes
 * it, a surgery puts one on every target, an {@link dev.graft.adapters.AdapterSet} switches, adds,
 * merges and takes back.
 */
package dev.graft.adapters;
