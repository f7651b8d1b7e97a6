package dev.graft.adapters.prompt;

import dev.graft.adapters.TinyTransformer;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

class PrefixTuningTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new PrefixTuning();
  }

  @Override
  protected TinyTransfer transfer() {
    return TinyTransformer.pictures();
  }
}
