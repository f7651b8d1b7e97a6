package dev.graft.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training run gave.
 *
 * @param history one record per epoch, in order
 * @param kept number of the epoch in the history whose weights were returned; −1 if there is none
 * @param validation metrics of the returned weights on the validation part; empty without one
 * @param test metrics of the returned weights on the test part, computed once; empty without one
 * @param trainable number of parameters that trained in at least one phase
 * @param parameters number of all parameters
 * @param updates number of updates
 * @param seconds wall-clock time of training, caching and evaluation; of this process
 * @param notes findings in words: overfitting, skipped batches, skipped examples
 * @param skipped names of the examples that could not be read
 * @param completed false if the run was stopped and can be resumed
 */
public record TrainResult(
    List<EpochRecord> history,
    int kept,
    Map<String, Double> validation,
    Map<String, Double> test,
    long trainable,
    long parameters,
    long updates,
    double seconds,
    List<String> notes,
    List<String> skipped,
    boolean completed) {

  public TrainResult {
    history = List.copyOf(history);
    validation = Collections.unmodifiableMap(new LinkedHashMap<>(validation));
    test = Collections.unmodifiableMap(new LinkedHashMap<>(test));
    notes = List.copyOf(notes);
    skipped = List.copyOf(skipped);
  }
}
