/**
 * Random changes of pictures for training, each a small record: what it may do is written in its
 * components, what it does is drawn from the generator that is passed in. {@link
 * dev.graft.vision.augment.BatchMixing} works on whole batches and on their labels.
 */
package dev.graft.vision.augment;
