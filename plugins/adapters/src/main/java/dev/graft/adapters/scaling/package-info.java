/** Adapters that scale and shift what layers read or write. */
package dev.graft.adapters.scaling;
