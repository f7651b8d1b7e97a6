package dev.graft.train;

import java.util.List;

/**
 * Where a run gets a companion from.
 *
 * @param base makes the model
 * @param labels the classes of its outputs in order; empty where nothing says
 * @param digest of its weights; two with the same digest say the same
 */
public record CompanionBase(BaseModel base, List<String> labels, String digest) {

  public CompanionBase {
    labels = List.copyOf(labels);
  }
}
