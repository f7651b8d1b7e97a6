/**
 * Additions for a labelled domain and an unlabelled one: features or predictions of both are
 * brought together, or the model teaches itself on what it is sure of. The labelled examples are
 * the training part, the others the data set {@code unlabelled}.
 */
package dev.graft.alignment;
