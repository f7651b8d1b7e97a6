/** Adapters that rotate: the weight times an orthogonal matrix keeps lengths and angles. */
package dev.graft.adapters.orthogonal;
