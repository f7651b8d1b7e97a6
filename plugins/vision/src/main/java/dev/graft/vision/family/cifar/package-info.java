/**
 * Small networks for images of 32 pixels, as papers on CIFAR use them: bases, and students for
 * distillation.
 */
package dev.graft.vision.family.cifar;
