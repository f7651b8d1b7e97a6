package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.task.Task;

/**
 * What a plan is made for.
 *
 * @param model the network with its new head; methods read its names and groups and change nothing
 * @param foldedNormalisation whether the weights have their normalisation folded in
 * @param task what the model is to do
 * @param examples number of training examples
 * @param augmentation id of the random path that suits them, see {@code usualAugmentation}
 */
public record Subject(
    Model model, boolean foldedNormalisation, Task task, int examples, String augmentation) {}
