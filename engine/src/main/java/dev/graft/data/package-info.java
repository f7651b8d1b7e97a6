/**
 * Data: examples in plain memory, data sets and their splits, transforms for training and for
 * evaluation (two types, on purpose), and preprocessing, which is bound to the weights.
 */
package dev.graft.data;
