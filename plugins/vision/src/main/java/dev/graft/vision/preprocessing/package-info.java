/**
 * Images as the input of a model: the preprocessing that belongs to a set of weights, the random
 * paths for training, and the modality that joins them to the engine.
 */
package dev.graft.vision.preprocessing;
