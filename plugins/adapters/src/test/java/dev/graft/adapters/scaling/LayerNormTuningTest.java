package dev.graft.adapters.scaling;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

class LayerNormTuningTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new LayerNormTuning();
  }

  @Override
  protected TinyTransfer transfer() {
    return TinyTransfer.rows();
  }
}
