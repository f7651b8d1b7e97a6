package dev.graft.freezing;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class LayerDecayTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new LayerDecay();
  }
}
