/**
 * Images in plain Java memory: decoding, the operations that published preprocessing and
 * augmentation are made of, and the preprocessing that belongs to a network.
 *
 * <p>Two kinds of image: {@link dev.graft.vision.image.Image} holds bytes and its operations agree
 * with Pillow, {@link dev.graft.vision.image.FloatImage} holds floats and its operations agree with
 * torchvision on tensors. All operations are pure functions without state, so that any number of
 * threads may prepare images; nothing here touches native memory.
 */
package dev.graft.vision.image;
