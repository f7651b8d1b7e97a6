/**
 * Random changes of images for training, each a small record: what it may do is written in its
 * components, what it does is drawn from the generator that is passed in. Mixing whole batches
 * (mixup, cutmix) is the training loop's.
 */
package dev.graft.vision.augment;
