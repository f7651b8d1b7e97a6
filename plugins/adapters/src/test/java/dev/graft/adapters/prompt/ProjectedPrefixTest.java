package dev.graft.adapters.prompt;

import dev.graft.adapters.TinyTransformer;
import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

/** The same promises with the maps that make the prefix. */
class ProjectedPrefixTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new PrefixTuning();
  }

  @Override
  protected Settings settings() {
    return Settings.of("projection", true).with("tokens", 4);
  }

  @Override
  protected TinyTransfer transfer() {
    return TinyTransformer.pictures();
  }
}
