package dev.graft;

import dev.graft.bundle.Bundle;
import dev.graft.report.TrainResult;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a transfer gave.
 *
 * @param run run folder, with events, split and snapshots
 * @param bundle the trained model on disk; empty where the run was stopped before its end
 * @param result figures of the run
 */
public record Fitted(Path run, Optional<Bundle> bundle, TrainResult result) {}
