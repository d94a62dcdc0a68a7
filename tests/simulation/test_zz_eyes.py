from dataclasses import replace
from typing import ClassVar
from hypothesis import settings, Phase
from ivr_engine.dialplan.accepting import ConfirmPlan, WhisperPlan
from ivr_engine.dialplan.hotline import WhileWaiting
from ivr_engine.dialplan.skills import SameAgent, Widening
from ivr_engine.dialplan.text import Text
from ivr_engine.model.ids import PoolName, QueueName, SeatId
from tests.simulation.test_call_backs_machine import *
T=Text({"zh-CN": "请等候。"})
CONF=ConfirmPlan(Text({"zh-CN": "按 1 接听。"}), Text({"zh-CN": "正在接通。"}))
def rich(h, several, confirm, version):
    queues={n: replace(q, ring_several=several, whisper=WhisperPlan(T), while_waiting=WhileWaiting(5.0,5.0,T), widen=(Widening(7.0,{}),), needs={"repair":2}, same_agent=SameAgent(86400.0,6.0)) for n,q in h.queues.items()}
    pools={n: replace(p, confirm=CONF if confirm else None) for n,p in h.pools.items()}
    from ivr_engine.dialplan.skills import AgentPlan
    return replace(h, version=version, queues=queues, pools=pools, agents={SeatId("1001"): AgentPlan(skills={"repair":3})})
def without(h):
    from ivr_engine.nodes.enqueue import Enqueue
    q={n:p for n,p in h.queues.items() if n!="general"}
    steps={n: replace(s, queue=QueueName("plain")) if isinstance(s,Enqueue) and s.queue=="general" else s for n,s in h.normal.steps.items()}
    return replace(h, version="without", queues=q, normal=replace(h.normal, steps=steps))
class Rich(CallBacksMachine):
    versions: ClassVar = (rich(BACK,2,True,"rich"), rich(BACK,1,False,"rich1"), BACK, without(BACK), by_people(BACK))
TestRich = Rich.TestCase
TestRich.settings = settings(max_examples=200, stateful_step_count=60, deadline=None)
