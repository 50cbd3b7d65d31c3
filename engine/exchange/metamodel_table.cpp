// The semantic metamodel of BPMN 2.0.2 (chapters 8 to 12) as a table: classes, attributes, parts, references.
#include "exchange/metamodel.hpp"

namespace switchboard::exchange {

// One class a line: `name(base)`, `!` abstract, `~` with text of its own; attributes `@name:type`, `!` required; parts `element` or `element=class`,
// `?` at most one, `*` any number, `+` at least one, `+2` at least two, nothing: exactly one. Types: id, text, bool, int, uri, name (of a thing
// outside BPMN), `A|B` words, `>class` a reference, `~class` one that may also name a thing outside BPMN. A part `=>class` is an element whose text
// is a reference.
const std::string_view metamodel_table =
    R"(activity(flowNode)! @isForCompensation:bool @startQuantity:int @completionQuantity:int @default:>sequenceFlow ioSpecification? property* dataInputAssociation* dataOutputAssociation* resourceRole*
    loopCharacteristics?
adHocSubProcess(subProcess) @cancelRemainingInstances:bool @ordering:Parallel|Sequential completionCondition=expression?
artifact(baseElement)!
assignment(baseElement) from=expression to=expression
association(artifact) @sourceRef:>any! @targetRef:>any! @associationDirection:None|One|Both
auditing(baseElement)
baseElement! @id:id documentation* extensionElements?
baseElementWithMixedContent!~ @id:id documentation* extensionElements?
boundaryEvent(catchEvent) @cancelActivity:bool @attachedToRef:>activity!
businessRuleTask(task) @implementation:uri
callableElement(rootElement) @name:text supportedInterfaceRef=>interface* ioSpecification? ioBinding*
callActivity(activity) @calledElement:>callableElement
callChoreography(choreographyActivity) @calledChoreographyRef:>choreography|globalChoreographyTask participantAssociation*
callConversation(conversationNode) @calledCollaborationRef:>collaboration participantAssociation*
cancelEventDefinition(eventDefinition)
catchEvent(event)! @parallelMultiple:bool dataOutput* dataOutputAssociation* outputSet? eventDefinition* eventDefinitionRef=>eventDefinition*
category(rootElement) @name:text categoryValue*
categoryValue(baseElement) @value:text
choreography(collaboration) flowElement*
choreographyActivity(flowNode)! @initiatingParticipantRef:>participant! @loopType:None|Standard|MultiInstanceSequential|MultiInstanceParallel participantRef=>participant+2 correlationKey*
choreographyTask(choreographyActivity) messageFlowRef=>messageFlow+
collaboration(rootElement) @name:text @isClosed:bool participant* messageFlow* artifact* conversationNode* conversationAssociation* participantAssociation* messageFlowAssociation* correlationKey*
    choreographyRef=>choreography* conversationLink*
compensateEventDefinition(eventDefinition) @waitForCompletion:bool @activityRef:>activity
complexBehaviorDefinition(baseElement) condition=formalExpression event=implicitThrowEvent?
complexGateway(gateway) @default:>sequenceFlow activationCondition=expression?
conditionalEventDefinition(eventDefinition) condition=expression
conversation(conversationNode)
conversationAssociation(baseElement) @innerConversationNodeRef:>conversationNode! @outerConversationNodeRef:>conversationNode!
conversationLink(baseElement) @name:text @sourceRef:>interactionNode! @targetRef:>interactionNode!
conversationNode(baseElement)! @name:text participantRef=>participant* messageFlowRef=>messageFlow* correlationKey*
correlationKey(baseElement) @name:text correlationPropertyRef=>correlationProperty*
correlationProperty(rootElement) @name:text @type:>itemDefinition correlationPropertyRetrievalExpression+
correlationPropertyBinding(baseElement) @correlationPropertyRef:>correlationProperty! dataPath=formalExpression
correlationPropertyRetrievalExpression(baseElement) @messageRef:>message! messagePath=formalExpression
correlationSubscription(baseElement) @correlationKeyRef:>correlationKey! correlationPropertyBinding*
dataAssociation(baseElement) sourceRef=>itemAware* targetRef=>itemAware transformation=formalExpression? assignment*
dataInput(baseElement) @name:text @itemSubjectRef:>itemDefinition @isCollection:bool dataState?
dataInputAssociation(dataAssociation)
dataObject(flowElement) @itemSubjectRef:>itemDefinition @isCollection:bool dataState?
dataObjectReference(flowElement) @itemSubjectRef:>itemDefinition @dataObjectRef:>dataObject dataState?
dataOutput(baseElement) @name:text @itemSubjectRef:>itemDefinition @isCollection:bool dataState?
dataOutputAssociation(dataAssociation)
dataState(baseElement) @name:text
dataStore(rootElement) @name:text @capacity:int @isUnlimited:bool @itemSubjectRef:>itemDefinition dataState?
dataStoreReference(flowElement) @itemSubjectRef:>itemDefinition @dataStoreRef:>dataStore dataState?
documentation~ @id:id @textFormat:text
endEvent(throwEvent)
endPoint(rootElement)
error(rootElement) @name:text @errorCode:text @structureRef:~itemDefinition
errorEventDefinition(eventDefinition) @errorRef:>error
escalation(rootElement) @name:text @escalationCode:text @structureRef:~itemDefinition
escalationEventDefinition(eventDefinition) @escalationRef:>escalation
event(flowNode)! property*
eventBasedGateway(gateway) @instantiate:bool @eventGatewayType:Exclusive|Parallel
eventDefinition(rootElement)!
exclusiveGateway(gateway) @default:>sequenceFlow
expression(baseElementWithMixedContent)
extension @definition:name @mustUnderstand:bool documentation*
extensionElements
flowElement(baseElement)! @name:text auditing? monitoring? categoryValueRef=>categoryValue*
flowNode(flowElement)! incoming=>sequenceFlow* outgoing=>sequenceFlow*
formalExpression(expression) @language:uri @evaluatesToTypeRef:>itemDefinition
gateway(flowNode)! @gatewayDirection:Unspecified|Converging|Diverging|Mixed
globalBusinessRuleTask(globalTask) @implementation:uri
globalChoreographyTask(choreography) @initiatingParticipantRef:>participant
globalConversation(collaboration)
globalManualTask(globalTask)
globalScriptTask(globalTask) @scriptLanguage:uri script?
globalTask(callableElement) resourceRole*
globalUserTask(globalTask) @implementation:uri rendering*
group(artifact) @categoryValueRef:>categoryValue
humanPerformer(performer)
implicitThrowEvent(throwEvent)
inclusiveGateway(gateway) @default:>sequenceFlow
inputSet(baseElement) @name:text dataInputRefs=>dataInput* optionalInputRefs=>dataInput* whileExecutingInputRefs=>dataInput* outputSetRefs=>outputSet*
interface(rootElement) @name:text! @implementationRef:name operation+
intermediateCatchEvent(catchEvent)
intermediateThrowEvent(throwEvent)
ioBinding(baseElement) @operationRef:>operation! @inputDataRef:>dataInput! @outputDataRef:>dataOutput!
ioSpecification(baseElement) dataInput* dataOutput* inputSet+ outputSet+
itemDefinition(rootElement) @structureRef:name @isCollection:bool @itemKind:Information|Physical
lane(baseElement) @name:text @partitionElementRef:name partitionElement=baseElement? flowNodeRef=>flowNode* childLaneSet=laneSet?
laneSet(baseElement) @name:text lane*
linkEventDefinition(eventDefinition) @name:text! source=>linkEventDefinition* target=>linkEventDefinition?
loopCharacteristics(baseElement)!
manualTask(task)
message(rootElement) @name:text @itemRef:>itemDefinition
messageEventDefinition(eventDefinition) @messageRef:>message operationRef=>operation?
messageFlow(baseElement) @name:text @sourceRef:>interactionNode! @targetRef:>interactionNode! @messageRef:>message
messageFlowAssociation(baseElement) @innerMessageFlowRef:>messageFlow! @outerMessageFlowRef:>messageFlow!
monitoring(baseElement)
multiInstanceLoopCharacteristics(loopCharacteristics) @isSequential:bool @behavior:None|One|All|Complex @oneBehaviorEventRef:>eventDefinition @noneBehaviorEventRef:>eventDefinition
    loopCardinality=expression? loopDataInputRef=>itemAware? loopDataOutputRef=>itemAware? inputDataItem=dataInput? outputDataItem=dataOutput? complexBehaviorDefinition*
    completionCondition=expression?
operation(baseElement) @name:text! @implementationRef:name inMessageRef=>message outMessageRef=>message? errorRef=>error*
outputSet(baseElement) @name:text dataOutputRefs=>dataOutput* optionalOutputRefs=>dataOutput* whileExecutingOutputRefs=>dataOutput* inputSetRefs=>inputSet*
parallelGateway(gateway)
participant(baseElement) @name:text @processRef:>process interfaceRef=>interface* endPointRef=>endPoint* participantMultiplicity?
participantAssociation(baseElement) innerParticipantRef=>participant outerParticipantRef=>participant
participantMultiplicity(baseElement) @minimum:int @maximum:int
partnerEntity(rootElement) @name:text participantRef=>participant*
partnerRole(rootElement) @name:text participantRef=>participant*
performer(resourceRole)
potentialOwner(humanPerformer)
process(callableElement) @processType:None|Public|Private @isClosed:bool @isExecutable:bool @definitionalCollaborationRef:>collaboration auditing? monitoring? property* laneSet* flowElement* artifact*
    resourceRole* correlationSubscription* supports=>process*
property(baseElement) @name:text @itemSubjectRef:>itemDefinition dataState?
receiveTask(task) @implementation:uri @instantiate:bool @messageRef:>message @operationRef:>operation
relationship(baseElement) @type:text! @direction:None|Forward|Backward|Both source=name+ target=name+
rendering(baseElement)
resource(rootElement) @name:text! resourceParameter*
resourceAssignmentExpression(baseElement) expression
resourceParameter(baseElement) @name:text @type:>itemDefinition @isRequired:bool
resourceParameterBinding(baseElement) @parameterRef:>resourceParameter! expression
resourceRole(baseElement) @name:text resourceRef=>resource? resourceParameterBinding* resourceAssignmentExpression?
rootElement(baseElement)!
scriptTask(task) @scriptFormat:text script?
script~
sendTask(task) @implementation:uri @messageRef:>message @operationRef:>operation
sequenceFlow(flowElement) @sourceRef:>flowNode! @targetRef:>flowNode! @isImmediate:bool conditionExpression=expression?
serviceTask(task) @implementation:uri @operationRef:>operation
signal(rootElement) @name:text @structureRef:~itemDefinition
signalEventDefinition(eventDefinition) @signalRef:>signal
standardLoopCharacteristics(loopCharacteristics) @testBefore:bool @loopMaximum:int loopCondition=expression?
startEvent(catchEvent) @isInterrupting:bool
subChoreography(choreographyActivity) flowElement* artifact*
subConversation(conversationNode) conversationNode*
subProcess(activity) @triggeredByEvent:bool laneSet* flowElement* artifact*
task(activity)
terminateEventDefinition(eventDefinition)
textAnnotation(artifact) @textFormat:text text?
text~
throwEvent(event)! dataInput* dataInputAssociation* inputSet? eventDefinition* eventDefinitionRef=>eventDefinition*
timerEventDefinition(eventDefinition) timeDate=expression? timeDuration=expression? timeCycle=expression?
transaction(subProcess) @method:uri
userTask(task) @implementation:uri rendering*
definitions @id:id @name:text @targetNamespace:uri! @expressionLanguage:uri @typeLanguage:uri @exporter:text @exporterVersion:text import* extension* rootElement* relationship*
import @namespace:uri! @location:text! @importType:uri!
)";

}  // namespace switchboard::exchange
