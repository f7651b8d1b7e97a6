/**
 * The plan: plain, immutable data that says what will happen to a model. Methods edit it, its
 * explanation prints it, the trainer carries it out, the bundle keeps it.
 */
package dev.graft.plan;
