package dev.graft.spi;

import dev.graft.plan.Setting;
import dev.graft.plan.TermSpec;
import java.util.List;

/**
 * A term of the loss that a plan can name. Binds itself to a run; the bound term holds the state.
 */
public interface Term extends Plugin {

  /** Settings it understands, with their defaults. */
  default List<Setting> settings() {
    return List.of();
  }

  /** The term for one phase of one run. */
  BoundTerm bind(TermSpec spec, Run run);
}
