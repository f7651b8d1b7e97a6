/** Prediction with a bundle, from many threads. */
package dev.graft.infer;
