/**
 * Rules that make updates out of gradients, in plain tensor operations, and what goes with them:
 * clipping, moving averages, and the deterministic solver for convex heads.
 */
package dev.graft.train.optim;
