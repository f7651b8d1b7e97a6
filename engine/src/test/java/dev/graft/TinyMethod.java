package dev.graft;

import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Stream;
import dev.graft.spi.About;
import dev.graft.spi.TransferMethod;
import java.util.List;

/** A method of the engine's own tests: all but what it contributes. */
public abstract class TinyMethod implements TransferMethod {

  private final String id;
  private final Role role;
  private final List<Setting> settings;

  /** A method with an id, a role and settings. */
  protected TinyMethod(String id, Role role, Setting... settings) {
    this.id = id;
    this.role = role;
    this.settings = List.of(settings);
  }

  @Override
  public final About about() {
    return new About(id, "a method of tests", "a test");
  }

  @Override
  public final Role role() {
    return role;
  }

  @Override
  public final List<Setting> settings() {
    return settings;
  }

  /** A phase in which everything trains. */
  protected static Phase everything(Choice optimizer) {
    return Phase.of("all", List.of(Selector.all(1)), Stream.training(8, Stream.NONE), optimizer);
  }
}
