package dev.graft.report;

import java.util.Map;

/**
 * What one epoch gave.
 *
 * @param phase name of the phase
 * @param epoch number of the epoch in its phase, from 1; 0 for the state before the first update
 * @param updates updates made in the run so far
 * @param trainingLoss mean loss of the epoch's batches; NaN for epoch 0
 * @param validation metrics on the validation part by id, with {@code loss}; empty without one
 * @param learningRate of the last update, before factors of groups
 * @param seconds wall-clock time of the epoch, evaluation included
 */
public record EpochRecord(
    String phase,
    int epoch,
    long updates,
    double trainingLoss,
    Map<String, Double> validation,
    double learningRate,
    double seconds) {}
