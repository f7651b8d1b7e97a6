package dev.graft.data;

/**
 * The three parts of a data set. The first is trained on, the second selects (epoch, settings), the
 * third is touched once, at the end.
 *
 * @param training what gradients come from
 * @param validation what selection looks at
 * @param test what the reported figures are computed on
 */
public record Split(Dataset training, Dataset validation, Dataset test) {}
